"""The command line of the demo."""

import argparse
import pathlib

import sabotage


def parse(arguments, checkout):
    parser = argparse.ArgumentParser(
        prog="tools/x demo", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Starts the nodes of three agencies on loopback over mTLS, imports their "
                    "registers,\nwaits until the links have delivered everything, compares what the "
                    "agencies show,\nstops the nodes and verifies all logs offline.",
        epilog="stdout has the result, stderr the progress.\n"
               "exit codes: 0 all is well; 1 something is not, and it says what; 2 wrong usage;\n"
               "            130 after Ctrl-C")
    parser.add_argument("--registers", metavar="DIR", type=pathlib.Path,
                        default=checkout / "tests/data/registers/sumbar2024",
                        help="a directory with bawaslu.csv, bkn.csv and bkpsdm.csv; authorities and "
                             "jurisdictions follow from them (default: "
                             "tests/data/registers/sumbar2024)")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument("--keep", action="store_true",
                        help="start the nodes again at the end, and tell how to talk to them")
    parser.add_argument("--stop", metavar="DIR", type=pathlib.Path,
                        help="stop the nodes that --keep left running in DIR, and do nothing else")
    parser.add_argument("--dir", metavar="DIR", type=pathlib.Path,
                        help="where keys, stores and logs of the nodes go; an earlier demo's are "
                             "removed (default: .demo/SET in the checkout)")
    parser.add_argument("--sabotage", choices=sorted(sabotage.KINDS),
                        help="a demonstration that the demo notices: " + "; ".join(
                            f"{kind}: {what}" for kind, what in sorted(sabotage.KINDS.items())))
    parser.add_argument("--bin", metavar="DIR", type=pathlib.Path,
                        default=checkout / "build/release/bin",
                        help="the programs (default: build/release/bin)")
    options = parser.parse_args(arguments)
    if options.keep and options.sabotage:
        parser.error("--keep and --sabotage exclude each other")
    return options
