// Samples: places of the prior, and what the model says there.

views.samples = (() => {
  const N = 8;
  const MOST = 2 ** 31 - 1;
  const seed = $("samples-seed");
  const temperature = $("samples-temperature");
  seed.value = content.seed;
  let asked = 0;

  async function draw() {
    const mine = ++asked;
    const t = Number(temperature.value);
    const from = Math.min(Math.max(Math.floor(Number(seed.value)) || 0, 0), MOST);
    $("samples-shown").textContent = digits(t, 1);
    const z = priorDraws(N, from);
    try {
      const drawn = { temperature: t, seed: from };
      const found = await (t ? answers.sample(z, drawn) : answers.greedy(z));
      if (mine !== asked) return;
      const texts = found.map(({ text }) => told(text));
      $("samples-list").replaceChildren(
        ...texts.map((text) => el("li", { class: "said", dir: "auto" }, text))
      );
      const different = new Set(texts).size;
      $("samples-note").textContent = say("drawn of", { different, n: N });
    } catch (error) {
      failed(error);
    }
  }

  seed.addEventListener("input", draw);
  temperature.addEventListener("input", draw);
  $("samples-draw").addEventListener("click", () => {
    seed.value = (Number(seed.value) + 1) % MOST;
    draw();
  });
  return { show: draw, speak() {} };
})();
