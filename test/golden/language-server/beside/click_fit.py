import click


@click.command()
@click.option("--kind", type=click.Choice(["lasso", "ridge"]), required=True)
@click.option("--alpha", default=0.5)
@click.option("--shout/--no-shout", default=False)
def main(kind, alpha, shout):
    print(kind, alpha, shout)


if __name__ == "__main__":
    main()
