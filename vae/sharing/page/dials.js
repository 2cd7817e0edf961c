// Dials: one dimension of the latent at a time.

views.dials = (() => {
  const REACH = 3;
  let began = null;
  let z = null;
  let named = "";

  function begin(point) {
    began = Float32Array.from(point.z);
    z = began.slice();
    named = point.text;
    content.dials.forEach(({ d }, i) => {
      sliders[i].value = z[d];
    });
    ask();
  }

  async function ask() {
    content.dials.forEach(({ d }, i) => {
      shown[i].textContent = digits(z[d]);
      sliders[i].setAttribute("aria-valuetext", digits(z[d]));
    });
    $("dials-where").textContent = say("from start", { distance: digits(apart(z, began)) });
    try {
      const found = await answers.latest(z.slice());
      if (!found) return;
      showSaid($("dials-said"), found.text, first(found.text));
      $("dials-said").dataset.z = z.join(" ");
    } catch (error) {
      failed(error);
    }
  }

  // What it said at the start, to mark what differs from it.
  let start = null;
  function first(text) {
    if (apart(z, began) < 1e-6) start = text;
    return start;
  }

  const sliders = [];
  const shown = [];
  const titles = [];
  for (const { d } of content.dials) {
    const range = { type: "range", min: -REACH, max: REACH, step: "any" };
    const slider = el("input", { ...range, id: `dial-${d}` });
    slider.addEventListener("input", () => {
      z[d] = Number(slider.value);
      ask();
    });
    sliders.push(slider);
    shown.push(el("code"));
    titles.push(el("label", { for: `dial-${d}` }));
    $("dials-list").append(el("div", { class: "dial" }, titles.at(-1), slider, shown.at(-1)));
  }
  $("dials-reset").addEventListener("click", () => begin({ z: began, text: named }));
  $("dials-stored").addEventListener("click", () => begin(stored(anyRow())));
  $("dials-random").addEventListener("click", () => {
    begin({ z: priorDraws(1, Math.floor(luck.next() * 2 ** 31)), text: "" });
  });

  let last = null;
  return {
    show() {
      if (shared.start !== last) begin(shared.start);
      else ask();
      last = shared.start;
    },
    speak() {
      content.dials.forEach(({ d, rate, name }, i) => {
        const about = [say("carries", { nats: digits(rate) })];
        if (name) about.unshift(say("tells", { label: name }));
        titles[i].replaceChildren(
          el("b", {}, say("dial", { d: String(d) })),
          " ",
          el("small", {}, about.join(" · "))
        );
      });
    },
  };
})();
