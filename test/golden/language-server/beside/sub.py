import argparse

parser = argparse.ArgumentParser()
commands = parser.add_subparsers()
commands.add_parser("fit").add_argument("--alpha")
args = parser.parse_args()
