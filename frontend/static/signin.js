// Makes the sign-in form kinder: nothing typed is lost, problems are said beside the field. Without this script the
// form is sent as an ordinary one.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("form");
  const fields = { user_id: $("user_id"), password: $("password") };
  const meta = (name) => [...document.querySelectorAll(`meta[name="${name}"]`)].map((m) => m.content);
  const query = new URLSearchParams(location.search);

  // The sentences of the contract (shared::api::error::Code); a test keeps them equal.
  const sentences = {
    wrong_credentials: "ユーザーIDまたはパスワードが違います。",
    too_many_attempts: "続けて間違えたため、少し待ってからもう一度お試しください。",
    session_ended: "サインインの有効時間が終わりました。もう一度サインインしてください。入力した内容は残っています。",
    wrong_origin: "別のサイトからの操作は受け付けません。",
    invalid: "入力に直すところがあります。",
    malformed_body: "送られた内容を読み取れませんでした。",
    too_large: "送る内容が大きすぎます。",
    busy: "混み合っています。少し待ってからもう一度お試しください。入力した内容は残っています。",
    internal: "システムで問題が起きました。入力した内容は残っています。",
  };
  const offline = "サーバーにつながりません。通信の状態を確かめて、もう一度お試しください。入力した内容は残っています。";

  // Where to go afterwards: only within this site.
  function local(path) {
    // Browsers drop line ends and tabs from addresses: none may hide a second slash.
    if (!/^\/(?![\/\\])[^\u0000-\u001f\\]*$/.test(path ?? "")) return "/";
    return new URL(path, location.origin).origin === location.origin ? path : "/";
  }
  const next = local(query.get("next"));
  form.elements.next.value = next;

  function say(words) {
    $("problem-words").textContent = words;
    $("problem").classList.toggle("open", words !== "");
  }
  function wrong(name, words) {
    $(name + "-error").textContent = words;
    fields[name].toggleAttribute("aria-invalid", false);
    if (words) fields[name].setAttribute("aria-invalid", "true");
    fields[name].closest(".field").classList.toggle("field-wrong", words !== "");
  }

  const code = query.get("e");
  if (code === "signed_out") {
    $("notice").textContent = "サインアウトしました。";
    $("notice").hidden = false;
  } else if (code) {
    say(sentences[code] ?? $("problem-words").textContent);
  }

  // Full-width letters look right and are wrong: offer the half-width ones.
  const wide = /[！-～　]/;
  const narrow = (text) =>
    text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/　/g, " ");
  function hintWide(name) {
    const field = fields[name];
    wrong(name, "");
    if (!wide.test(field.value)) return;
    wrong(name, "全角の文字が入っています。半角で入力してください。");
    const mend = document.createElement("button");
    mend.type = "button";
    mend.className = "button";
    mend.textContent = "半角に直す";
    mend.addEventListener("click", () => {
      field.value = narrow(field.value);
      wrong(name, "");
      field.focus();
    });
    $(name + "-error").append(mend);
  }
  for (const [name, field] of Object.entries(fields)) {
    const look = (event) => {
      if (!event.isComposing) hintWide(name);
    };
    field.addEventListener("input", look);
    field.addEventListener("compositionend", look);
  }
  for (const type of ["keydown", "keyup"]) {
    fields.password.addEventListener(type, (event) => {
      const on = event.getModifierState?.("CapsLock") ?? false;
      $("caps").textContent = on ? "Caps Lock（大文字の固定）が入っています。" : "";
    });
  }

  const show = $("show");
  show.hidden = false;
  show.addEventListener("click", () => {
    const shown = fields.password.type === "text";
    fields.password.type = shown ? "password" : "text";
    show.setAttribute("aria-pressed", String(!shown));
    show.textContent = shown ? "表示する" : "隠す";
  });

  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  let sending = false;

  form.addEventListener("submit", async (event) => {
    // Only a secure page can compute the hash; elsewhere the form goes its ordinary way.
    if (!crypto.subtle) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    const send = $("send");
    send.setAttribute("aria-busy", "true");
    $("notice").hidden = true;
    say("");
    try {
      const body = JSON.stringify({ user_id: fields.user_id.value.trim(), password: fields.password.value });
      const answer = await fetch("/api/session", {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout?.(20000),
        headers: {
          "content-type": "application/json",
          "x-tsunagaru-contract": meta("contract")[0],
          "x-amz-content-sha256": hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body))),
        },
        body,
      });
      if (answer.ok) {
        fields.password.value = "";
        location.replace(next);
        // Stays busy: the next page is on its way.
        return;
      }
      const problem = await answer.json().catch(() => null);
      if (problem?.code === "client_outdated") {
        location.reload();
        return;
      }
      report(problem);
    } catch {
      say(offline);
    }
    send.removeAttribute("aria-busy");
    sending = false;
  });

  function report(problem) {
    let told = false;
    for (const { field, message } of problem?.fields ?? []) {
      if (field in fields) {
        wrong(field, message);
        if (!told) fields[field].focus();
        told = true;
      }
    }
    if (told) return;
    const wait = problem?.retry_after ? `（約${problem.retry_after}秒後）` : "";
    say((problem?.title ?? sentences.internal) + wait);
    if (problem?.code === "wrong_credentials") {
      fields.password.focus();
      fields.password.select();
    }
  }

  if (!fields.user_id.value) fields.user_id.focus();

  // The application comes into the browser's store while the person types.
  const later = () => meta("later").forEach((address) => fetch(address, { priority: "low" }).catch(() => {}));
  if ("requestIdleCallback" in window) requestIdleCallback(later, { timeout: 3000 });
  else setTimeout(later, 1500);
})();
