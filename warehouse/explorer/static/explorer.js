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
