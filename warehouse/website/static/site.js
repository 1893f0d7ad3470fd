// What the static site does in the browser: its search, and its own address on the page of the files.
const MOST = 20;
const FOLDERS = { drivers: "Drivers", tracks: "Tracks", races: "Races" };
const make = (name, text, parent) => {
  const made = parent.appendChild(document.createElement(name));
  if (text) made.textContent = text;
  return made;
};
const simple = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const note of document.querySelectorAll(".without-script")) note.remove();
const here = document.getElementById("here");
if (here) here.textContent = new URL(".", location.href).href;

const place = document.getElementById("found");
const asked = new URLSearchParams(location.search).get("q")?.trim();
if (place && asked) {
  document.querySelector("input[name=q]").value = asked;
  fetch("search.json")
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
    .then((index) => show(index, simple(asked).split(/\s+/)))
    .catch((error) => make("p", `The index of the search cannot be read: ${error.message}`, place));
}

function show(index, words) {
  place.replaceChildren();
  let total = 0;
  for (const [folder, title] of Object.entries(FOLDERS)) {
    const found = index[folder].filter((row) => {
      const text = simple(row.join(" "));
      return words.every((word) => text.includes(word));
    });
    total += found.length;
    if (!found.length) continue;
    make("h2", title, place);
    const list = make("ul", "", place);
    list.className = "found";
    for (const [id, name, , detail] of found.slice(0, MOST)) {
      const item = make("li", "", list);
      make("a", name, item).href = `${folder}/${id}.html`;
      make("span", ` ${detail}`, item).className = "quiet";
    }
    if (found.length > MOST) make("p", `${MOST} of ${found.length} are shown: add a word for others.`, place).className = "quiet";
  }
  if (!total) make("p", `Nothing has the name ${asked}: every word has to be part of a name.`, place);
}
