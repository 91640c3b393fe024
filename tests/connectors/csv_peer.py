"""Python's csv module as the other side of the CSV tests.

  csv_peer.py write SEED… FOLDER   writes random rows to FOLDER/SEED.csv and prints them below `= SEED`
  csv_peer.py read FILE            reads FILE and prints its rows

Prints one row a line, each field as the hexadecimal digits of its UTF-8 form, separated by blanks.
"""

import csv
import random
import sys

COLUMNS = 4


def show(row):
    print(" ".join(field.encode().hex() or "-" for field in row))


def write(seed, path):
    dice = random.Random(seed)
    crlf = dice.random() < 0.5
    quoting = dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    # With a plain LF at the end of lines the module leaves a CR in a field without quotes.
    alphabet = ["a", "b", " ", ",", '"', "\n", "é", "日", ";", "'", "0"]
    if crlf or quoting != csv.QUOTE_MINIMAL:
        alphabet += ["\r", "\r\n"]
    rows = [
        ["".join(dice.choices(alphabet, k=dice.choice([0, 1, 3, 8, 40]))) for _ in range(COLUMNS)]
        for _ in range(dice.randrange(200))
    ]
    with open(path, "w", encoding=dice.choice(["utf-8", "utf-8-sig"]), newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n" if crlf else "\n", quoting=quoting)
        writer.writerow(["a", "b", "c", "d"])
        writer.writerows(rows)
    print("=", seed)
    for row in rows:
        show(row)


def read(path):
    with open(path, encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, strict=True):
            show(row)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        for seed in sys.argv[2:-1]:
            write(int(seed), f"{sys.argv[-1]}/{seed}.csv")
    else:
        read(sys.argv[2])
