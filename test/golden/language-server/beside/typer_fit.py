import typer


def main(data: str, learning_rate: float = 0.1, kind: str = typer.Option(..., help="which model"), verbose: bool = False):
    print(data, learning_rate, kind, verbose)


if __name__ == "__main__":
    typer.run(main)
