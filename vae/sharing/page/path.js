// The path: every place between two sentences, under a slider that has no steps.

views.path = (() => {
  const STEPS = 11;
  const slider = $("path-at");

  const point = (t) => between(shared.a.z, shared.b.z, t, "slerp");

  async function ask() {
    const t = Number(slider.value);
    slider.setAttribute("aria-valuetext", say("at", { share: Math.round(100 * t) }));
    $("path-where").textContent = say("at", { share: Math.round(100 * t) });
    try {
      const found = await answers.latest(point(t));
      if (!found) return;
      showSaid($("path-said"), found.text);
      $("path-said").dataset.at = t;
    } catch (error) {
      failed(error);
    }
  }

  let asked = 0;

  async function strip() {
    const mine = ++asked;
    const steps = Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1));
    const found = await answers.greedy(Float32Array.from(steps.flatMap((t) => [...point(t)])));
    if (mine !== asked) return;
    $("path-strip").replaceChildren(
      ...found.map(({ text }, i) => {
        const before = i ? found[i - 1].text : null;
        const same = text === before;
        const said = el("span", { class: "said", dir: "auto" });
        said.append(...(same ? [say("repeats")] : withMarks(text, before)));
        if (same) said.className = "note";
        const line = el("button", { type: "button" }, el("code", {}, digits(steps[i], 1)), said);
        line.addEventListener("click", () => {
          slider.value = steps[i];
          ask();
        });
        return el("li", {}, line);
      })
    );
  }

  function renew() {
    for (const end of ["a", "b"]) $(`path-${end}`).value = shared[end].text;
    ask();
    strip().catch(failed);
  }

  slider.addEventListener("input", ask);
  for (const end of ["a", "b"]) {
    const set = (find) => {
      try {
        shared[end] = find();
        well();
        renew();
      } catch (error) {
        failed(error);
      }
    };
    $(`path-${end}-form`).addEventListener("submit", (event) => {
      event.preventDefault();
      set(() => meant($(`path-${end}`).value));
    });
    $(`path-${end}`).addEventListener("change", () => set(() => meant($(`path-${end}`).value)));
    $(`path-${end}-other`).addEventListener("click", () => set(() => stored(anyRow())));
  }

  return { show: renew, speak() {} };
})();
