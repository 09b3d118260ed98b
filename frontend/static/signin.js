// Makes the sign-in form kinder: nothing typed is lost, problems are said beside the field. Without this script the
// form is sent as an ordinary one.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("form");
  const second = $("factor-form");
  const fields = { user_id: $("user_id"), password: $("password"), code: $("code") };
  const meta = (name) => [...document.querySelectorAll(`meta[name="${name}"]`)].map((m) => m.content);
  const query = new URLSearchParams(location.search);

  // The sentences of the contract (shared::api::error::Code); a test keeps them equal.
  const sentences = {
    wrong_credentials: "ユーザーIDまたはパスワードが違います。",
    wrong_code: "コードが違います。認証アプリに今表示されている6桁か、まだ使っていない回復コードを入力してください。",
    code_used: "このコードはもう使われています。認証アプリの次のコードを待って入力してください。",
    passkey_refused: "パスキーを確認できませんでした。もう一度試すか、ユーザーIDとパスワードでサインインしてください。",
    letter_ended: "封書のパスワードの期限が過ぎています。施設管理者に、封書の再発行を申し出てください。",
    no_factor: "二要素目の登録がありません。施設管理者に、封書の再発行を申し出てください。",
    screen_locked: "画面がロックされています。ロックを解いてから操作してください。入力した内容は残っています。",
    too_many_attempts: "続けて間違えたため、少し待ってからもう一度お試しください。",
    session_ended: "サインインの有効時間が終わりました。もう一度サインインしてください。入力した内容は残っています。",
    wrong_origin: "別のサイトからの操作は受け付けません。",
    invalid: "入力に直すところがあります。",
    malformed_body: "送られた内容を読み取れませんでした。",
    too_large: "送る内容が大きすぎます。",
    maintenance: "ただいまサービスを止めています。再開の見込みは、ポータルのお知らせで確かめてください。入力した内容は残っています。",
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
  for (const one of [form, second]) one.elements.next.value = next;
  // A QR code on the letter brings the user id; never anything that opens.
  const letter = /^#id=([a-z][a-z0-9-]{3,31})$/.exec(location.hash);
  if (letter) fields.user_id.value = letter[1];

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

  function openSecond() {
    $("factor").classList.add("open");
    document.title = "もうひとつの確認｜つながる連絡帳";
    fields.code.focus();
  }
  if (location.hash.startsWith("#factor")) openSecond();

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
  /** Fetches what a page of ours loads at its start. */
  async function fetchFor(path) {
    const answer = await fetch(path, { priority: "low" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const one of page.querySelectorAll("script[src], link[rel$=preload]")) {
      fetch(one.getAttribute("src") ?? one.getAttribute("href"), { priority: "low" }).catch(() => {});
    }
  }
  // Whoever has none of these roles begins in the offices' program; a test keeps them equal to Place::home_of.
  const bookRoles = ["member", "facility_manager"];
  function homeOf(me) {
    if (next !== "/") return next;
    return me.actor.roles.some((role) => bookRoles.includes(role)) ? "/" : "/office";
  }

  let sending = false;

  /** Asks the server; its reply, or nothing after the problem was said. */
  async function ask(method, path, message) {
    const headers = { "x-tsunagaru-contract": meta("contract")[0] };
    const body = message && JSON.stringify(message);
    if (body) {
      headers["content-type"] = "application/json";
      headers["x-amz-content-sha256"] = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
    }
    let answer;
    try {
      const signal = AbortSignal.timeout?.(20000);
      answer = await fetch(path, { method, credentials: "same-origin", cache: "no-store", signal, headers, body });
      if (answer.ok) return await answer.json();
    } catch {
      say(offline);
      return null;
    }
    const problem = await answer.json().catch(() => null);
    if (problem?.code === "client_outdated") location.reload();
    else report(problem);
    return null;
  }

  /** Does one thing at a time, and says so on its button. */
  async function busy(button, work) {
    if (sending) return;
    sending = true;
    button.setAttribute("aria-busy", "true");
    $("notice").hidden = true;
    say("");
    // What leads to the next page stays busy until it is there.
    if (await work()) return;
    button.removeAttribute("aria-busy");
    sending = false;
  }

  function goOn(me) {
    if (me === null) return false;
    if (me.stage === "factor_missing") {
      fetchFor(homeOf(me)).catch(() => {});
      openSecond();
      return false;
    }
    for (const field of Object.values(fields)) field.value = "";
    location.replace(homeOf(me));
    return true;
  }

  form.addEventListener("submit", (event) => {
    // Only a secure page can compute the hash; elsewhere the form goes its ordinary way.
    if (!crypto.subtle) return;
    event.preventDefault();
    const message = { user_id: fields.user_id.value.trim(), password: fields.password.value };
    busy($("send"), async () => goOn(await ask("POST", "/api/session", message)));
  });

  second.addEventListener("submit", (event) => {
    if (!crypto.subtle) return;
    event.preventDefault();
    busy($("prove"), async () => goOn(await ask("POST", "/api/session/factor", { code: fields.code.value })));
  });

  if (window.tsunagaruPasskey?.supported()) {
    $("by-passkey").hidden = false;
    $("passkey").addEventListener("click", () =>
      busy($("passkey"), async () => {
        const question = await ask("GET", "/api/session/passkey");
        if (question === null) return false;
        let credential;
        try {
          credential = JSON.parse(await window.tsunagaruPasskey.get(JSON.stringify(question.options)));
        } catch {
          // Closed by the person, or none on this device: both look alike on purpose.
          say(sentences.passkey_refused);
          return false;
        }
        const answer = { challenge: question.challenge, credential };
        return goOn(await ask("POST", "/api/session/passkey", answer));
      }),
    );
  }

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
    const again = { wrong_credentials: fields.password, wrong_code: fields.code, code_used: fields.code };
    again[problem?.code]?.focus();
    again[problem?.code]?.select();
    if (["session_ended", "sign_in_first"].includes(problem?.code)) $("factor").classList.remove("open");
  }

  if ($("factor").classList.contains("open")) fields.code.focus();
  else (fields.user_id.value ? fields.password : fields.user_id).focus();

  // What the next page needs comes into the browser's store while the person types: its own HTML says what that is.
  const later = () => fetchFor(next).catch(() => {});
  if ("requestIdleCallback" in window) requestIdleCallback(later, { timeout: 3000 });
  else setTimeout(later, 1500);
})();
