// The SQL console of the static site: DuckDB in a worker, over the files beside this page.
const SHOWN = 500;
const HTTP = 4; // the number of the protocol in DuckDB's worker
// A module with a try block: a browser that takes it can run the faster build.
const WITH_EXCEPTIONS = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11]);
const form = document.querySelector("form.console");
const box = document.getElementById("sql");
const place = document.getElementById("result");
const stop = document.getElementById("stop");
const address = (name) => new URL(name, location.href).href;
let engine;
let lastRun = 0;

class Engine {
  #worker;
  #waiting = new Map();
  #connection;
  #plan;
  #known = new Set();
  #answers = 0;

  async start() {
    this.#plan = await (await fetch("console.json")).json();
    const build = WebAssembly.validate(WITH_EXCEPTIONS) ? "eh" : "mvp";
    // A worker of a blob has the policy of this page: whatever a statement names, nothing comes from another site.
    const script = `importScripts(${JSON.stringify(address(`engine/duckdb-browser-${build}.worker.js`))});`;
    this.#worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    this.#worker.onmessage = ({ data }) => {
      if (data.type === "LOG" || data.type === "INSTANTIATE_PROGRESS") return;
      const { done, failed } = this.#waiting.get(data.requestId) ?? {};
      this.#waiting.delete(data.requestId);
      if (data.type === "ERROR") failed?.(new Error(data.data.message));
      else done?.(data.data);
    };
    this.#worker.onerror = () => this.#failAll("DuckDB cannot be loaded");
    await this.#call("INSTANTIATE", [address(`engine/duckdb-${build}.wasm`), null]);
    const filesystem = { reliableHeadRequests: true, allowFullHTTPReads: false, forceFullHTTPReads: false };
    await this.#call("OPEN", { path: ":memory:", filesystem });
    this.#connection = await this.#call("CONNECT", null);
    for (const name of Object.keys(this.#plan.relations)) await this.#execute(`CREATE SCHEMA IF NOT EXISTS ${name.split(".")[0]}`);
  }

  end() {
    this.#worker?.terminate();
    this.#failAll("It was stopped");
  }

  #failAll(message) {
    for (const { failed } of this.#waiting.values()) failed(new Error(message));
    this.#waiting.clear();
  }

  #call(type, data) {
    return new Promise((done, failed) => {
      const messageId = this.#waiting.size ? Math.max(...this.#waiting.keys()) + 1 : 1;
      this.#waiting.set(messageId, { done, failed });
      this.#worker.postMessage({ messageId, type, data });
    });
  }

  #execute(statement) {
    return this.#call("RUN_QUERY", [this.#connection, statement]);
  }

  // Make the relations and macros known that a statement may name.
  async prepare(statement) {
    const words = new Set(statement.toLowerCase().match(/\w+/g));
    const macros = this.#plan.macros.filter((macro) => words.has(macro.name) && !this.#known.has(macro.name));
    const read = new Set(macros.flatMap((macro) => macro.reads));
    for (const [name, file] of Object.entries(this.#plan.relations)) {
      const short = name.split(".")[1];
      if (this.#known.has(name) || !(words.has(short) || read.has(name))) continue;
      await this.#call("REGISTER_FILE_URL", [file, address(file), HTTP, false]);
      if (this.#plan.reads_parquet) await this.#execute(`CREATE VIEW ${name} AS FROM read_parquet('${file}')`);
      else {
        await this.#execute(`ATTACH '${file}' AS file_${short} (READ_ONLY)`);
        await this.#execute(`CREATE VIEW ${name} AS FROM file_${short}.main.${short}`);
      }
      this.#known.add(name);
    }
    for (const macro of macros) {
      await this.#execute(macro.statement);
      this.#known.add(macro.name);
    }
  }

  // The rows of a query as CSV text. Every value but NULL is in quotation marks.
  async csv(query) {
    const file = `answer-${++this.#answers}.csv`;
    await this.#execute(`COPY (${query}) TO '${file}' (FORMAT csv, HEADER, FORCE_QUOTE *)`);
    const bytes = await this.#call("COPY_FILE_TO_BUFFER", file);
    await this.#call("DROP_FILE", file);
    return new TextDecoder().decode(bytes);
  }
}

// Rows of CSV in which an empty field without quotation marks is NULL.
function parse(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\r?\n)/g)) {
    row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain || null);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

function add(parent, name, text, className) {
  const made = parent.appendChild(document.createElement(name));
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showTable(rows) {
  const scroll = add(place, "div", undefined, "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Answer, table");
  const table = add(scroll, "table", undefined, "answer");
  const isNumber = rows[0].map((_, at) => rows.slice(1).every((row) => row[at] === null || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(row[at])));
  const head = add(add(table, "thead"), "tr");
  rows[0].forEach((name, at) => (add(head, "th", name, isNumber[at] ? "number" : "").scope = "col"));
  const body = add(table, "tbody");
  for (const row of rows.slice(1, SHOWN + 1)) {
    const line = add(body, "tr");
    row.forEach((value, at) => {
      const cell = add(line, "td", value ?? undefined, isNumber[at] ? "number" : "");
      if (value === null) add(cell, "span", "NULL", "quiet");
    });
  }
}

function showError(error) {
  place.replaceChildren();
  const section = add(place, "div", undefined, "empty");
  section.setAttribute("role", "alert");
  add(section, "h2", "That does not run");
  // The statement begins on the second line of what DuckDB gets.
  add(section, "pre", error.message.replace(/LINE (\d+):/g, (_, line) => `LINE ${line - 1}:`));
}

async function offerCsv(query) {
  const text = await engine.csv(`FROM (\n${query}\n)`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "answer.csv";
  link.click();
}

async function run() {
  const query = box.value.trim().replace(/;\s*$/, "");
  if (!query) return;
  const thisRun = ++lastRun;
  place.replaceChildren();
  const note = add(place, "p", engine ? "Running …" : "Loading DuckDB …", "quiet");
  stop.hidden = false;
  try {
    if (!engine) {
      engine = new Engine();
      engine.started = engine.start();
    }
    await engine.started;
    note.textContent = "Running …";
    await engine.prepare(query);
    const started = performance.now();
    const rows = parse(await engine.csv(`FROM (\n${query}\n) LIMIT ${SHOWN + 1}`));
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    if (thisRun !== lastRun) return;
    place.replaceChildren();
    add(place, "h2", "Answer");
    const count = rows.length - 1;
    const line = add(place, "p", count > SHOWN ? `The first ${SHOWN} rows, in ${seconds} s. ` : `${count} row${count === 1 ? "" : "s"}, in ${seconds} s. `, "quiet");
    const save = add(line, "button", "All rows as CSV", "small");
    save.type = "button";
    save.addEventListener("click", () => offerCsv(query).catch(showError));
    showTable(rows);
  } catch (error) {
    if (thisRun === lastRun) showError(error);
  } finally {
    if (thisRun === lastRun) stop.hidden = true;
  }
}

function read() {
  const wanted = new URLSearchParams(location.search).get("sql") ?? "";
  box.value = wanted;
  box.rows = Math.max(wanted.split("\n").length + 1, 6);
  place.replaceChildren();
  run();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  box.disabled = false; // explorer.js leaves empty fields out of the address so
  const query = `?${new URLSearchParams({ sql: box.value })}`;
  if (query !== location.search) history.pushState(null, "", query);
  run();
});
stop.addEventListener("click", () => {
  engine?.end();
  engine = undefined;
});
addEventListener("popstate", read);
read();
