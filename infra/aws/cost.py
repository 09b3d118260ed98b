"""The monthly bill of the reference city, computed: measured capacity units (`units.json`), prices and the city as data
(`prices.json`). `python infra/aws/cost.py` prints it. The prices are not verified, and the output says so.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
YEARS = 5
GB = 1_000_000_000


def load():
    """Prices, city, assumptions and measured units."""
    return json.loads((HERE / "prices.json").read_text()) | {"units": json.loads((HERE / "units.json").read_text())}


def month(data, year):
    """Dollars by item, of a month in the middle of a year of operation (1 is the first)."""
    price, city, assumed, units = data["prices"], data["city"], data["assumed"], data["units"]
    days = assumed["days_a_month"]
    notes = city["notes_a_day"] * days
    requests = {
        "note sent": notes, "thread opened": notes * assumed["threads_opened_for_a_note"],
        "list of patients": notes * assumed["lists_for_a_note"], "pulse": assumed["pulses_a_day"] * days}
    all_requests = sum(requests.values())
    reads = sum(count * units[name]["read"] for name, count in requests.items())
    writes = sum(count * units[name]["write"] for name, count in requests.items())
    months = 12 * (year - 0.5)
    events = all_requests - requests["pulse"]
    table = (notes * assumed["table_bytes_a_note"] + events * assumed["table_bytes_an_event"]) * months / GB
    attachments = city["attachment_gb_a_month"] * months
    # Everything once more in the archive, cold after a month; and what is text in every monthly generation once more.
    texts = notes * assumed["backup_bytes_a_note"] / GB
    backup = attachments + texts * months + texts * months * (months + 1) / 2
    read_back = min(assumed["read_back_gb_a_day"] * days, backup * days) + min(assumed["restored_gb_a_week"], backup) * days / 7
    jobs = sum(assumed["job_runs_a_day"].values()) * days
    job_seconds = jobs * assumed["job_seconds"] * assumed["job_gb"]
    puts = notes * assumed["attachments_a_note"] * 4
    seconds = all_requests * assumed["function_seconds"] * assumed["function_gb"]
    million = 1_000_000
    return {
        "DynamoDB: reads": reads / million * price["million_reads"],
        "DynamoDB: writes": writes / million * price["million_writes"],
        "DynamoDB: storage and recovery": table * (price["table_gb_month"] + price["recovery_gb_month"]),
        "S3: attachments": attachments * price["s3_gb_month"] + puts / million * price["million_s3_puts"],
        "S3: locked archive": backup * price["s3_cold_gb_month"],
        "S3: archive read back, restored": read_back * price["s3_cold_gb_read"],
        "Lambda: requests": all_requests / million * price["million_function_calls"] + seconds * price["function_gb_second"],
        "Lambda: jobs": jobs / million * price["million_function_calls"] + job_seconds * price["function_gb_second"],
        "CloudFront": all_requests / million * price["million_edge_requests"] + assumed["edge_gb_a_month"] * price["edge_gb"],
        "WAF": price["firewall_fixed"] + all_requests / million * price["million_firewall_requests"],
        "logs, alarms, trail": 2 * all_requests * assumed["log_bytes_a_request"] / GB * price["log_gb"]
        + assumed["alarms"] * price["alarm_month"] + 3 * puts / million * price["million_trail_events"],
        "KMS": assumed["keys"] * price["key_month"],
    }


def summary(data):
    """Dollars: a month in the middle of each year; a note, sent and opened and kept for its first year, and with everything
    over the five years; keeping what was sent in one year for one year more; the optional copy of the archive in year five."""
    months = {year: month(data, year) for year in range(1, YEARS + 1)}
    totals = [sum(months[year].values()) for year in months]
    notes = data["city"]["notes_a_day"] * data["assumed"]["days_a_month"]
    archive = months[YEARS]["S3: locked archive"] / data["prices"]["s3_cold_gb_month"]
    return {
        "totals": totals, "a note": totals[0] / notes, "a note with its five years": sum(totals) / (notes * YEARS),
        "a year of retention": (totals[-1] - totals[0]) / (YEARS - 1) * 12, "the copy": archive * data["prices"]["s3_gb_month"]}


def main():
    data = load()
    first, last = month(data, 1), month(data, YEARS)
    if not data["verified"]:
        print("PRICES NOT VERIFIED: " + data["note"])
    print(f"{'US dollars a month':<34}{'year 1':>9}{f'year {YEARS}':>9}")
    for item in first:
        print(f"{item:<34}{first[item]:>9.0f}{last[item]:>9.0f}")
    total = summary(data)
    print(f"{'in all':<34}{total['totals'][0]:>9.0f}{total['totals'][-1]:>9.0f}")
    print(f"a note in the first year: {total['a note'] * 100:.3f} cents; over five years, with all that is kept: "
          f"{total['a note with its five years'] * 100:.3f} cents")
    print(f"what was sent in one year, kept one year more: {total['a year of retention']:.0f} dollars")
    print(f"the copy in another region or account (--copy), year {YEARS}: {total['the copy']:.0f} dollars a month more")


if __name__ == "__main__":
    main()
