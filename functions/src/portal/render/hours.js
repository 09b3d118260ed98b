// Says whether the help desk answers the telephone now. Without this script the hours stand there in words.
(() => {
  const line = document.getElementById("now");
  if (!line) return;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: "Asia/Tokyo", weekday: "short", year: "numeric", month: "2-digit", day: "2-digit", hour: "numeric",
    minute: "numeric", hourCycle: "h23",
  }).formatToParts(new Date());
  const of = (type) => parts.find((part) => part.type === type).value;
  const weekend = ["Sat", "Sun"].includes(of("weekday"));
  const closed = line.dataset.closed.split(" ").includes(`${of("year")}-${of("month")}-${of("day")}`);
  const minute = Number(of("hour")) * 60 + Number(of("minute"));
  const open = !weekend && !closed && minute >= Number(line.dataset.opens) && minute < Number(line.dataset.closes);
  line.textContent = open
    ? "今は受付時間内です。電話でお問い合わせください。"
    : "今は受付時間外です。FAXかメールでお知らせください。";
  line.hidden = false;
})();
