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
    # Everything once more in the archive, cold after a month.
    backup = attachments + notes * assumed["backup_bytes_a_note"] * months / GB
    puts = notes * assumed["attachments_a_note"] * 4
    seconds = all_requests * assumed["function_seconds"] * assumed["function_gb"]
    million = 1_000_000
    return {
        "DynamoDB: reads": reads / million * price["million_reads"],
        "DynamoDB: writes": writes / million * price["million_writes"],
        "DynamoDB: storage and recovery": table * (price["table_gb_month"] + price["recovery_gb_month"]),
        "S3: attachments": attachments * price["s3_gb_month"] + puts / million * price["million_s3_puts"],
        "S3: locked archive": backup * price["s3_cold_gb_month"],
        "Lambda": all_requests / million * price["million_function_calls"] + seconds * price["function_gb_second"],
        "CloudFront": all_requests / million * price["million_edge_requests"] + assumed["edge_gb_a_month"] * price["edge_gb"],
        "WAF": price["firewall_fixed"] + all_requests / million * price["million_firewall_requests"],
        "logs, alarms, trail": 2 * all_requests * assumed["log_bytes_a_request"] / GB * price["log_gb"]
        + assumed["alarms"] * price["alarm_month"] + 3 * puts / million * price["million_trail_events"],
        "KMS": assumed["keys"] * price["key_month"],
    }


def summary(data):
    """Total of a month by year, dollars a note, dollars for keeping one year's data for one year more."""
    totals = [sum(month(data, year).values()) for year in range(1, YEARS + 1)]
    notes = data["city"]["notes_a_day"] * data["assumed"]["days_a_month"]
    return {"totals": totals, "a note": totals[0] / notes, "a year of retention": (totals[1] - totals[0]) * 12}


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
    print(f"a note in the first year: {total['a note'] * 100:.3f} cents; one year's data kept one year more: {total['a year of retention']:.0f} dollars")


if __name__ == "__main__":
    main()
