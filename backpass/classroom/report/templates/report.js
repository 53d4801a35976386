"use strict";
// The page of a class: it filters the mistakes, sorts the tables and links mistakes to students. Nothing is loaded.

const pages = JSON.parse(document.getElementById("pages").textContent);

// Links to students are made when they are asked for: written out, they would be most of the page.
function linkStudents(details) {
  if (details.querySelector(".students")) return;
  const list = document.createElement("ul");
  list.className = "students";
  list.setAttribute("aria-label", "Students");
  const place = details.dataset.place ? "#" + details.dataset.place : "";
  for (const position of details.dataset.students.split(" ").map(Number).sort((a, b) => a - b)) {
    const [name, file] = pages[position];
    const link = document.createElement("a");
    const isolated = document.createElement("bdi");
    isolated.textContent = name;
    link.href = file + place;
    link.append(isolated);
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  details.append(list);
}

for (const details of document.querySelectorAll("details.who")) {
  details.addEventListener("toggle", () => { if (details.open) linkStudents(details); });
}

const filter = document.getElementById("filter");
const exercises = [...filter.exercise.options];
const mistakes = [...document.querySelectorAll(".map > li")].map((item) => ({
  item,
  unit: item.dataset.unit,
  exercise: item.dataset.exercise,
  status: item.dataset.status,
  text: item.textContent.toLowerCase().replace(/\s+/g, " "),
}));

const groups = [...document.querySelectorAll(".degree-group")];

function wordsOf(input) {
  return input.value.toLowerCase().split(/\s+/).filter(Boolean);
}

// Which exercises can be chosen depends on the unit.
function offerExercises() {
  const unit = filter.unit.value;
  const chosen = filter.exercise.value;
  const offered = exercises.filter((option) => !option.value || !unit || option.dataset.unit === unit);
  filter.exercise.replaceChildren(...offered);
  filter.exercise.value = offered.some((option) => option.value === chosen) ? chosen : "";
}

function filterMistakes() {
  const unit = filter.unit.value;
  const exercise = filter.exercise.value;
  const status = filter.status.value;
  const words = wordsOf(filter.text);
  let left = 0;
  for (const mistake of mistakes) {
    // A module that does not import concerns every exercise of its unit.
    const here = !exercise || mistake.exercise === exercise
      || (!mistake.exercise && exercise.startsWith(mistake.unit + "."));
    const matches = here && (!unit || mistake.unit === unit) && (!status || mistake.status === status)
      && words.every((word) => mistake.text.includes(word));
    if (mistake.item.hidden === matches) mistake.item.hidden = !matches;
    left += matches;
  }
  for (const group of groups) group.hidden = !group.querySelector(".map > li:not([hidden])");
  filter.querySelector("output").textContent = `${left} of ${mistakes.length}`;
}

filter.addEventListener("input", (event) => {
  if (event.target === filter.unit) offerExercises();
  filterMistakes();
});
filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("reset", () => setTimeout(() => { offerExercises(); filterMistakes(); }));

// Links from the other parts of the page filter the mistakes by an exercise or by a word.
for (const link of document.querySelectorAll("a[data-exercise], a[data-text]")) {
  link.addEventListener("click", () => {
    const { exercise = "", text = "" } = link.dataset;
    filter.status.value = "";
    filter.unit.value = exercise.split(".")[0];
    filter.text.value = text;
    offerExercises();
    filter.exercise.value = exercise;
    filterMistakes();
  });
}

// A link to a mistake opens it, whatever is filtered.
function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (!target || !target.matches("details")) return;
  if (target.closest("[hidden]")) {
    filter.reset();
    setTimeout(() => target.scrollIntoView());
  }
  target.open = true;
}
addEventListener("hashchange", openTarget);

for (const table of document.querySelectorAll("table.sortable")) {
  const groups = [...table.tBodies];
  const rows = groups.filter((group) => !group.classList.contains("unit")).map((group) => [group, [...group.rows]]);
  const all = rows.flatMap(([, own]) => own);
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const head = button.closest("th");
    const key = button.dataset.key;
    const first = key === "course" || table.id === "table-of-exercises" ? "ascending" : "descending";
    const second = first === "ascending" ? "descending" : "ascending";
    const direction = head.getAttribute("aria-sort") === first ? second : first;
    for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    const inCourseOrder = key === "course" && direction === "ascending";
    for (const group of groups) if (group.classList.contains("unit")) group.hidden = !inCourseOrder;
    if (inCourseOrder) {
      for (const [group, own] of rows) group.append(...own);
      return;
    }
    const sign = direction === "ascending" ? 1 : -1;
    const value = (row) => (key === "course" ? all.indexOf(row) : Number(row.dataset[key]));
    const sorted = all.map((row) => [value(row), row]).sort((a, b) => sign * (a[0] - b[0]));
    rows[0][0].append(...sorted.map(([, row]) => row));
  });
}

const find = document.getElementById("find");
const students = [...document.querySelectorAll("#table-of-students tbody tr")].map((row) => ({
  row,
  text: row.cells[0].textContent.toLowerCase(),
}));

function findStudents() {
  const words = wordsOf(find.text);
  let left = 0;
  for (const student of students) {
    const matches = words.every((word) => student.text.includes(word));
    if (student.row.hidden === matches) student.row.hidden = !matches;
    left += matches;
  }
  find.querySelector("output").textContent = `${left} of ${students.length}`;
}
find.addEventListener("input", findStudents);
find.addEventListener("submit", (event) => event.preventDefault());

// Browsers put back what was typed when one returns from a student's page.
addEventListener("pageshow", () => {
  offerExercises();
  filterMistakes();
  findStudents();
  openTarget();
});
