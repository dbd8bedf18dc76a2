/* Everything works without this file. It keeps an answer to “Is this well argued?” without loading the page anew. */
"use strict";

const words = document.currentScript.dataset;  // what is said of each answer

const shown = (form, answer) => {
  for (const button of form.querySelectorAll("button")) {
    const chosen = button.dataset.answer === answer;
    button.setAttribute("aria-pressed", String(chosen));
    button.value = chosen ? "" : button.dataset.answer;
  }
  form.querySelector("output").textContent = words[answer || "none"];
  const found = form.parentElement.querySelector("details.found");
  if (found && answer) found.open = true;
};

for (const form of document.querySelectorAll("form.vote")) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = event.submitter;
    const fields = new URLSearchParams(new FormData(form, button));
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      shown(form, (await answer.json()).well_argued);
      busy = false;
    } catch {
      form.querySelector("output").textContent = "";
      const field = document.createElement("input");  // the page says what is the matter
      field.type = "hidden";
      field.name = button.name;
      field.value = button.value;
      form.append(field);
      form.submit();
    }
  });
}
