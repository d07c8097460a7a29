// Shows the questions of the kinds that are ticked.
const kinds = document.getElementById("kinds");
function show() {
  const ticked = new Set([...kinds.querySelectorAll("input:checked")].map((box) => box.value));
  for (const question of document.querySelectorAll("details.question")) {
    question.hidden = !ticked.has(question.dataset.kind);
  }
}
if (kinds) {
  kinds.addEventListener("change", show);
  show();
}
