/* Passkeys need this file; everything else works without it. It asks the browser for a passkey, or for a new one, and
   sends the form in which its button stands. */
"use strict";
{
  const SENT = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // Gives null where the server first wants to know who is there: its answer to the form will say so.
  const ask = async (address, token) => {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ csrf_token: token }) });
    if (answer.status === 401) return null;
    if (!answer.ok) throw new Error(answer.status);
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    for (const known of [...(options.allowCredentials || []), ...(options.excludeCredentials || [])]) {
      known.id = bytes(known.id);
    }
    if (!options.user) return navigator.credentials.get({ publicKey: options });
    options.user.id = bytes(options.user.id);
    return navigator.credentials.create({ publicKey: options });
  };

  const written = ({ id, rawId, type, response }) => {
    const parts = SENT.filter((part) => response[part]).map((part) => [part, text(response[part])]);
    return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(parts) });
  };

  for (const place of window.PublicKeyCredential ? document.querySelectorAll("[data-passkey]") : []) {
    const button = place.querySelector("button");
    const trouble = place.querySelector("[role=alert]");
    place.hidden = false;
    button.addEventListener("click", async () => {
      const { form } = button;
      button.disabled = true;
      trouble.hidden = true;
      try {
        const passkey = await ask(button.dataset.options, form.elements.csrf_token.value);
        form.elements.credential.value = passkey ? written(passkey) : "";
        form.action = button.dataset.action;
        form.submit();
      } catch {
        trouble.hidden = false;
        button.disabled = false;
      }
    });
  }
}
