"""The trend of margins of victory since 1993, a marimo notebook.

Install `nascar-warehouse[notebook]`, then `marimo edit docs/notebooks/margins.py`.
`python docs/notebooks/margins.py` runs it without a browser.
"""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import altair as alt
    import marimo as mo
    import polars as pl

    import nascar_warehouse as nw

    return alt, mo, nw, pl


@app.cell
def _(mo):
    mo.md(
        """
        # How close do races finish?

        Every margin of victory of the Cup Series that was measured electronically, by season: how many are known, the
        median, and how many races were won by a tenth of a second or less. A season with few known margins says little:
        those that are known first are the closest ones.
        """
    )


@app.cell
def _(nw, pl):
    margins, coverage = nw.ask("margins-by-season", season=(1993, 2025))
    photo_finishes, _ = nw.ask("photo-finishes-by-season", season=(1993, 2025))
    trend = margins.join(photo_finishes.select("season", "photo_finishes"), on="season").with_columns(
        pl.col("median_margin_seconds").cast(pl.Float64)
    )
    return coverage, trend


@app.cell
def _(alt, trend):
    # Altair draws from plain records, so that it needs no other package.
    season = alt.X("season:Q", axis=alt.Axis(format="d"), title="season")
    base = alt.Chart(alt.Data(values=trend.to_dicts())).encode(season)
    median = base.mark_line(point=True).encode(
        alt.Y("median_margin_seconds:Q", title="median margin, seconds"),
        alt.Opacity("margins_known:Q", title="margins known"),
    )
    photo = base.mark_bar().encode(alt.Y("photo_finishes:Q", title="won by 0.1 s or less"))
    chart = alt.vconcat(median.properties(width=640, height=220), photo.properties(width=640, height=120))
    return (chart,)


@app.cell
def _(chart, coverage, mo):
    mo.vstack([chart, mo.md(f"*{coverage}*")])


@app.cell
def _(nw):
    with nw.connect() as _con:
        record = _con.sql("SELECT race_date, race_name, winner, margin_seconds FROM marts.record_progression").pl()
    return (record,)


@app.cell
def _(mo, record):
    mo.vstack([mo.md("## How the record came down"), record])


if __name__ == "__main__":
    app.run()
