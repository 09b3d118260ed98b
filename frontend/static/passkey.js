// Passkeys, for the sign-in page and the application: JSON in, JSON out, in the form of WebAuthn Level 3. The browser's
// own conversion is younger than some browsers of a facility, so it is done here.
"use strict";
window.tsunagaruPasskey = (() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const common = (credential) => ({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    extensions: {},
  });

  return {
    supported: () => typeof PublicKeyCredential === "function" && isSecureContext,

    /** Makes a passkey for these options; the answer as JSON. */
    async create(json) {
      const options = JSON.parse(json);
      const publicKey = {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: keys(options.excludeCredentials),
      };
      const made = await navigator.credentials.create({ publicKey });
      const { response } = made;
      return JSON.stringify({
        ...common(made),
        response: {
          attestationObject: text(response.attestationObject),
          clientDataJSON: text(response.clientDataJSON),
          transports: response.getTransports?.() ?? [],
        },
      });
    },

    /** Lets a passkey sign these options; the answer as JSON. */
    async get(json) {
      const options = JSON.parse(json);
      const publicKey = {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: keys(options.allowCredentials),
      };
      const found = await navigator.credentials.get({ publicKey });
      const { response } = found;
      return JSON.stringify({
        ...common(found),
        response: {
          authenticatorData: text(response.authenticatorData),
          clientDataJSON: text(response.clientDataJSON),
          signature: text(response.signature),
          userHandle: response.userHandle ? text(response.userHandle) : null,
        },
      });
    },
  };
})();
