import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--alpha")
args, rest = parser.parse_known_args()
