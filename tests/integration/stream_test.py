"""Commands on a stream: the guarantees of a single call for each of them, whatever happens to it."""

import signal
import unittest

import grpc

from agencies import Agencies, seeded
import filing
from foreign import Client, Contracts

_INTAKE = "selaras.intake.v1.IntakeService"
_REQUESTS = 400  # of a stream that is disturbed
_ENTRIES = 2  # that each of them writes to the shared log


class StreamCase(unittest.TestCase):
    """One node, and a client of it."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(Agencies({"intake": ["bawaslu/13"]}))
        cls.node = cls.agencies["intake"]

    def setUp(self):
        self.client = self.enterContext(self.connect())
        self.before = self.size()

    def connect(self):
        return Client(self.contracts, self.node.address, self.agencies.pki, "intake-entry")

    def size(self):
        """Entries of the shared log."""
        state = self.client.call("selaras.ledger.v1.LedgerService/GetNode")
        return next(log.size for log in state.logs if log.log == state.node)

    def request(self, fields):
        return self.contracts.make(f"{_INTAKE.rpartition('.')[0]}.ExecuteStreamRequest", fields)

    def requests(self, count):
        """Requests that open a report with a respondent each, in JSON form."""
        return [filing.intake_batch(*filing.opened()) for _ in range(count)]

    def stream(self, requests):
        """The answers to all of them, in order."""
        answers = self.client.talk(f"{_INTAKE}/ExecuteStream", map(self.request, requests))
        return [result for answer in answers for result in answer.results]

    def expect_exactly_once(self, requests, acknowledged):
        """Repeats all: what was answered is answered again, and each has one effect."""
        again = self.stream(requests)
        self.assertEqual([result.request_id for result in again], ids_of(requests))
        for first, second in zip(acknowledged, again):
            self.assertEqual(first.request_id, second.request_id)
            self.assertTrue(second.outcome.repeated_request)
            self.assertEqual(places(first), places(second))
        written = sorted(place for result in again for place in places(result))
        self.assertEqual(written, list(range(self.before, self.before + _ENTRIES * len(requests))))
        self.assertEqual(self.size(), self.before + _ENTRIES * len(requests))


def ids_of(requests):
    return [request["header"]["request_id"] for request in requests]


def places(result):
    return [position.sequence for position in result.outcome.positions]


class CommandStreams(StreamCase):
    """Each request is answered as a batch would be, in order."""

    def test_a_batch_and_a_request_of_a_stream_are_repeats_of_each_other(self):
        first, second = self.requests(2)
        called = self.client.call(f"{_INTAKE}/ExecuteBatch", first).outcome
        streamed = self.stream([first, second, second])
        self.assertEqual([result.outcome.repeated_request for result in streamed],
                         [True, False, True])
        self.assertEqual(places(streamed[0]), [place.sequence for place in called.positions])
        self.assertEqual(places(streamed[1]), places(streamed[2]))
        self.assertTrue(streamed[1].outcome.checkpoint.startswith("selaras/bawaslu-13\n"))
        again = self.client.call(f"{_INTAKE}/ExecuteBatch", second).outcome
        self.assertTrue(again.repeated_request)
        self.assertEqual(again.case_id, streamed[1].outcome.case_id)
        self.assertEqual(self.size(), self.before + 2 * _ENTRIES)

    def test_what_is_refused_ends_nothing_and_writes_nothing(self):
        good, reused, last = self.requests(3)
        bad = filing.intake_batch(*filing.opened(the_respondent=filing.respondent(
            respondent={"name": "Citra Contoh", "nip": "19801301200501100"})))
        foreign = filing.intake_batch(*filing.opened(), authority="bawaslu/14")
        reused["header"]["request_id"] = good["header"]["request_id"]
        reused["commands"] = filing.opened(filing.report(region="13.05"))
        results = self.stream([good, bad, foreign, reused, last])
        self.assertEqual([result.error.code for result in results],
                         [0, grpc.StatusCode.INVALID_ARGUMENT.value[0],
                          grpc.StatusCode.PERMISSION_DENIED.value[0],
                          grpc.StatusCode.ALREADY_EXISTS.value[0], 0])
        details = {detail.type_url.rpartition(".")[2]: detail.value
                   for detail in results[1].error.details}
        named = self.contracts.type("google.rpc.BadRequest").FromString(details["BadRequest"])
        self.assertEqual([each.field for each in named.field_violations],
                         ["commands[1].respondent.nip"])
        self.assertEqual(self.size(), self.before + 2 * _ENTRIES)

    def test_a_check_on_a_stream_writes_nothing(self):
        request = self.requests(1)[0]
        request["header"]["validate_only"] = True
        self.assertEqual(places(self.stream([request])[0]), [])
        self.assertEqual(self.size(), self.before)

    def test_the_certificate_of_a_node_may_not(self):
        with Client(self.contracts, self.node.address, self.agencies.pki, "intake") as client:
            with self.assertRaises(grpc.RpcError) as refused:
                list(client.talk(f"{_INTAKE}/ExecuteStream", iter(())))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)


class BrokenStreams(StreamCase):
    """Whatever breaks in the middle of a stream: what was answered is there, nothing is twice."""

    def setUp(self):
        super().setUp()
        self.chance = seeded()
        self.sent = self.requests(_REQUESTS)

    def read_some(self, answers):
        """Reads until a random number of them came."""
        wanted = self.chance.randint(1, _REQUESTS // 2)
        results = []
        while len(results) < wanted:
            results.extend(next(answers).results)
        return results

    def test_by_a_client_that_disappears(self):
        with self.connect() as client:
            answers = client.talk(f"{_INTAKE}/ExecuteStream", map(self.request, self.sent))
            acknowledged = self.read_some(answers)
            answers.cancel()
        self.expect_exactly_once(self.sent, acknowledged)

    def test_by_a_node_that_is_killed(self):
        answers = self.client.talk(f"{_INTAKE}/ExecuteStream", map(self.request, self.sent))
        acknowledged = self.read_some(answers)
        self.agencies.end(self.node, signal.SIGKILL)
        with self.assertRaises(grpc.RpcError) as broken:
            for answer in answers:
                acknowledged.extend(answer.results)
        self.assertEqual(broken.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual([result.request_id for result in acknowledged],
                         ids_of(self.sent)[:len(acknowledged)])
        self.agencies.start_again(self.node)
        self.client = self.enterContext(self.connect())
        self.expect_exactly_once(self.sent, acknowledged)

    def test_by_a_node_that_is_stopped(self):
        """It answers what it took, and the stream does not keep it from stopping."""
        answers = self.client.talk(f"{_INTAKE}/ExecuteStream", map(self.request, self.sent))
        acknowledged = self.read_some(answers)
        self.agencies.end(self.node, signal.SIGTERM)
        try:
            for answer in answers:
                acknowledged.extend(answer.results)
        except grpc.RpcError as ended:
            self.assertEqual(ended.code(), grpc.StatusCode.UNAVAILABLE)
        self.agencies.start_again(self.node)
        self.client = self.enterContext(self.connect())
        self.expect_exactly_once(self.sent, [each for each in acknowledged
                                             if each.HasField("outcome")])


class StreamsOfAllAgencies(unittest.TestCase):
    """A case goes from report to sanction by streams alone."""

    def test_report_recommendation_and_sanction(self):
        contracts = Contracts()
        with Agencies({"intake": ["bawaslu/13"], "referral": ["bkn"],
                       "sanction": ["ppk/13.04"]}) as agencies:
            def send(role, authority, *batches):
                package = f"selaras.{role}.v1"
                requests = [contracts.make(f"{package}.ExecuteStreamRequest", {
                    "header": filing.header(authority), "commands": commands})
                            for commands in batches]
                with Client(contracts, agencies[role].address, agencies.pki,
                            f"{role}-entry") as client:
                    results = [result for answer in client.talk(
                        f"{package}.{role.title()}Service/ExecuteStream", iter(requests))
                               for result in answer.results]
                self.assertEqual([result.request_id for result in results],
                                 [request.header.request_id for request in requests])
                agencies.await_delivery()
                return results

            (sent,) = send("intake", "bawaslu/13", filing.opened() + filing.concluded()
                           + filing.referred("031/X/2024"))
            case = sent.outcome.case_id
            received, twice = send("referral", "bkn", filing.recommended(case, "R-031"),
                                   filing.recommended(case, "R-032"))
            self.assertEqual(received.outcome.case_id, case)
            self.assertEqual(twice.error.code, grpc.StatusCode.FAILED_PRECONDITION.value[0])
            (decided,) = send("sanction", "ppk/13.04", filing.decided(case, "800/031"))
            self.assertEqual(decided.outcome.case_id, case)


if __name__ == "__main__":
    unittest.main()
