// The replay: where the same sentences lay at every recorded step of the training.

if (content.replay) {
  views.replay = (() => {
    const { steps, n, scale, rates, said, read, by, colouring } = content.replay;
    const frames = new Int16Array(held.frames);
    const groups = colouring?.groups ?? [{ label: null, count: n, colour: "#3079C4" }];
    const of = colouring ? bytesIn(colouring.of) : new Uint8Array(n);
    const stage = $("replay-stage");
    const slider = $("replay-at");
    const places = new Float32Array(2 * n);
    // Wide enough for all but a few points of any step, and for the rings.
    const reaches = Array.from(frames, Math.abs).sort((a, b) => a - b);
    const far = Math.max(scale * reaches[Math.floor(reaches.length * 0.995)], 2.1);
    const cloud = new Cloud(stage, places, [-far, -far, far, far]);
    cloud.radius = 2;
    let playing = 0;
    slider.max = steps.length - 1;
    slider.value = steps.length - 1;

    function draw() {
      const at = Number(slider.value);
      const first = Math.min(Math.floor(at), steps.length - 1);
      const next = Math.min(first + 1, steps.length - 1);
      for (let i = 0; i < 2 * n; i++) {
        const [a, b] = [frames[first * 2 * n + i], frames[next * 2 * n + i]];
        places[i] = scale * (a + (at - first) * (b - a));
      }
      cloud.draw(groups, of);
      const pen = cloud.canvas.getContext("2d");
      const { camera } = cloud;
      for (const r of [1, 2]) ring(pen, camera.screen(0, 0), colour("prior"), r * camera.k, 1);
      tell(Math.round(at));
    }

    function tell(at) {
      const about = [say("step", { step: steps[at] })];
      about.push(say("means cost", { nats: digits(rates[at], 1) }));
      $("replay-where").textContent = about.join(" · ");
      stage.setAttribute("aria-label", say("replay alt", { n, step: steps[at] }));
      slider.setAttribute("aria-valuetext", say("step", { step: steps[at] }));
      $("replay-said").replaceChildren(
        ...said[at].flatMap((text, i) => [
          el("dt", {}, read[i] ? say("read", { sentence: read[i] }) : ""),
          el("dd", { class: "said small", dir: "auto" }, told(text)),
        ])
      );
    }

    function stop() {
      cancelAnimationFrame(playing);
      playing = 0;
      $("replay-play").textContent = say("play");
    }

    function play() {
      if (playing) return stop();
      if (Number(slider.value) >= steps.length - 1) slider.value = 0;
      $("replay-play").textContent = say("pause");
      let before = performance.now();
      const frame = (now) => {
        slider.value = Math.min(Number(slider.value) + (now - before) / 500, steps.length - 1);
        before = now;
        draw();
        if (Number(slider.value) >= steps.length - 1 || seen !== "replay") return stop();
        playing = requestAnimationFrame(frame);
      };
      playing = requestAnimationFrame(frame);
    }

    slider.addEventListener("input", () => {
      stop();
      draw();
    });
    $("replay-play").addEventListener("click", play);
    new ResizeObserver(() => seen === "replay" && stage.clientWidth && draw()).observe(stage);
    return {
      show: draw,
      speak() {
        $("replay-play").textContent = say(playing ? "pause" : "play");
        const list = groups.filter(({ label }) => label !== null).map(({ label, colour: fill }) => {
          const key = el("span", { class: "key" });
          key.style.background = fill;
          return el("li", {}, key, label);
        });
        $("replay-legend").replaceChildren(
          ...(by ? [el("li", {}, say("coloured", { label: by })), ...list] : [])
        );
      },
    };
  })();
}
