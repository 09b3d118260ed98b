// Says whether the help desk answers the telephone now. Without this script the hours stand there in words.
(() => {
  const line = document.getElementById("now");
  if (!line) return;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: "Asia/Tokyo", weekday: "short", month: "numeric", day: "numeric", hour: "numeric", hourCycle: "h23",
  }).formatToParts(new Date());
  const of = (type) => parts.find((part) => part.type === type).value;
  const [month, day, hour] = [of("month"), of("day"), of("hour")].map(Number);
  const weekend = ["Sat", "Sun"].includes(of("weekday"));
  const newYear = (month === 12 && day >= 29) || (month === 1 && day <= 3);
  const open = !weekend && !newYear && hour >= Number(line.dataset.opens) && hour < Number(line.dataset.closes);
  line.textContent = open
    ? "今は受付時間内です。電話でお問い合わせください（祝日は受付時間外です）。"
    : "今は受付時間外です。FAXかメールでお知らせください。";
  line.hidden = false;
})();
