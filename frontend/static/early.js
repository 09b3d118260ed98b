// Runs before the first paint, on the application's page and on the sign-in page.
"use strict";
(() => {
  const root = document.documentElement;
  // The person's text size; src/text_size.rs keeps it under the same name.
  try {
    const size = localStorage.getItem("tsunagaru.text-size");
    if (["125", "150", "200"].includes(size)) root.classList.add("text-" + size);
  } catch {
    // A closed storage only means the usual size.
  }
  // A page that the browser kept from before a sign-out must not show patients to the next person.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  // The application did not arrive: say so instead of waiting for ever.
  const slow = () => {
    if (document.getElementById("waiting")) document.getElementById("slow")?.removeAttribute("hidden");
  };
  addEventListener("unhandledrejection", slow);
  setTimeout(slow, 15000);
})();
