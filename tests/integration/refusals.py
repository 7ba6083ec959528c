"""What tests of refusals have in common: nodes with a few cases, and that nothing is written."""

import unittest

from agencies import Agencies
import filing
from foreign import Client, Contracts, Refused

AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
               "sanction": ["ppk/13.04", "ppk/13.05"]}
IDENTITIES = ["backoffice:bawaslu/13:intake-office", "ops:bawaslu/13:intake-ops",
              "backoffice:ppk/13.04:datar-office", "portal:bawaslu/13:intake-portal",
              "witness:ombudsman:ombudsman"]
INTAKE = "selaras.intake.v1.IntakeService"
REPORTER = "selaras.intake.v1.ReporterService"
EMERGENCY = "selaras.intake.v1.EmergencyService"
REFERRAL = "selaras.referral.v1.ReferralService"
SANCTION = "selaras.sanction.v1.SanctionService"
QUERY = "selaras.query.v1.QueryService"
LEDGER = "selaras.ledger.v1.LedgerService"
OPERATIONS = "selaras.ledger.v1.OperationsService"
RECOVERY = "selaras.ledger.v1.RecoveryService"
WITNESS = "selaras.ledger.v1.WitnessService"


class RefusalCase(unittest.TestCase):
    """Three nodes with a case named, one concluded without violation and one with BKN."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(Agencies(AUTHORITIES, IDENTITIES, start=False))
        cls.agencies.name_witness(cls.agencies["intake"], "ombudsman",
                                  cls.agencies.path / "ombudsman.key")
        cls.agencies.fleet.start()
        cls.clients = {
            node.folder.name: cls.enterClassContext(cls.connect(node, f"{node.certificate}-entry"))
            for node in cls.agencies}
        unproven = filing.concluded()
        unproven[1]["conclude_case"]["violations_found"] = []
        nameless = filing.respondent(respondent={"name": "Tanpa NIP"})
        cls.named = cls.file(*filing.opened(the_respondent=nameless))
        cls.unproven = cls.file(*filing.opened(), *unproven)
        cls.sent = cls.file(*filing.opened(), *filing.concluded(), *filing.referred("021/X/2024"))
        cls.agencies.await_delivery()

    @classmethod
    def connect(cls, node, certificate):
        return Client(cls.contracts, node.address, cls.agencies.pki, certificate)

    @classmethod
    def file(cls, *commands):
        """Executes a batch; gives the case."""
        return cls.clients["intake"].call(
            f"{INTAKE}/ExecuteBatch", filing.intake_batch(*commands)).outcome.case_id

    def setUp(self):
        self.before = self.sizes()

    def tearDown(self):
        self.assertEqual(self.sizes(), self.before, "something was written")

    def sizes(self):
        """Entries in both logs of every node."""
        return {log.log: log.size for client in self.clients.values()
                for log in client.call(f"{LEDGER}/GetNode").logs if not log.mirror}

    def refuse(self, path, fields, client=None):
        """The call must be refused with details that name the domain; gives the refusal."""
        node = {REFERRAL: "referral", SANCTION: "sanction"}.get(path.split("/")[0], "intake")
        with self.assertRaises(Refused) as refused:
            (client or self.clients[node]).call(path, fields)
        self.assertEqual(refused.exception.details["ErrorInfo"].domain, "selaras")
        return refused.exception

    def expect_field(self, field, path, fields, why=""):
        refused = self.refuse(path, fields)
        self.assertEqual((refused.code, refused.reason, refused.fields),
                         ("INVALID_ARGUMENT", "INVALID_FIELD", [field]), refused.message)
        self.assertIn(why, refused.message)
        self.assertIn(field, refused.message)
