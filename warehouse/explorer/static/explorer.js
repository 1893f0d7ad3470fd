// The pages work without this. It keeps empty filters out of the address, and shows the answer as soon as a filter is chosen.
"use strict";
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
  });
}
for (const field of document.querySelectorAll("form.filters select, form.filters input[type=checkbox]"))
  field.addEventListener("change", () => field.form.requestSubmit());
// Going back shows the form again as it was sent, with the empty fields disabled.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
});

// The console: run with Ctrl+Enter, complete the name before the cursor with Ctrl+Space.
const statement = document.getElementById("sql");
if (statement) {
  const names = [...new Set([...document.querySelectorAll(".relation code")].map((code) => code.textContent))];
  const shared = (found) => {
    let start = found[0];
    for (const name of found) while (!name.startsWith(start)) start = start.slice(0, -1);
    return start;
  };
  statement.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") statement.form.requestSubmit();
    if (!(event.ctrlKey && event.code === "Space")) return;
    event.preventDefault();
    const end = statement.selectionStart;
    const [word] = /[\w.]*$/.exec(statement.value.slice(0, end));
    const found = word ? names.filter((name) => name.startsWith(word.toLowerCase())) : [];
    if (found.length) statement.setRangeText(shared(found), end - word.length, end, "end");
    document.getElementById("completions").textContent =
      found.length > 1 ? found.slice(0, 12).join("  ") : found.length ? "" : "No name begins so.";
  });
}
