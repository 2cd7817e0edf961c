// What a cloud as a whole looks like: the words of its regions, and lines around its shares.
const NAME_SIZES = [16, 12.5]; // of the regions that suit the zoom, and of those within them

// regions: [{ x, y, level, words }], largest first; contours: [{ name, lines: [[x, y, x, y, ...]] }].
function drawContours(ctx, view, contours) {
  contours.forEach(({ name, lines }, i) => {
    const path = new Path2D();
    // The names stand at different sides, so that none covers another.
    const [across, down] = [Math.cos((i + 0.5) * (Math.PI / 2)), Math.sin((i + 0.5) * (Math.PI / 2))];
    let [spot, most] = [null, -Infinity];
    for (const line of lines)
      for (let j = 0; j < line.length; j += 2) {
        const p = view.camera.screen(line[j], line[j + 1]);
        if (j) path.lineTo(...p);
        else path.moveTo(...p);
        const far = p[0] * across + p[1] * down;
        if (far > most) [spot, most] = [p, far];
      }
    ctx.globalAlpha = 0.7;
    lined(ctx, path, 1.6 - 0.2 * i, view.colours.ink, view.colours.paper);
    ctx.globalAlpha = 1;
    if (spot) text(ctx, view, name, ...spot, "center");
  });
}

// Twice as near, regions a quarter as large. Names that would cover one before them wait for a
// nearer look; gives back those that are drawn.
function drawRegions(ctx, view, regions) {
  const { camera } = view;
  const deepest = regions.at(-1)?.level ?? 0;
  const level = Math.min(Math.max(Math.round(Math.log2(camera.k / camera.home.k)), 0), deepest);
  // What lies over the names keeps its place.
  const over = [view.data.arrow?.places.at(-1), ...(view.data.marks ?? []).map(({ x, y }) => [x, y])];
  const taken = over.filter(Boolean).map((place) => {
    const [x, y] = camera.screen(...place);
    return [x - 60, y - 26, x + 60, y + 8];
  });
  const shown = [];
  NAME_SIZES.map((px) => px * textScale()).forEach((size, i) => {
    ctx.font = `${i ? 400 : 600} ${size}px ${view.colours.font}`;
    for (const region of regions) {
      if (region.level !== level + i || !region.words) continue;
      const [x, y] = camera.screen(region.x, region.y);
      const wide = ctx.measureText(region.words).width / 2 + 6;
      const box = [x - wide, y - size * 0.8, x + wide, y + size * 0.8];
      if (box[0] < 0 || box[1] < 0 || box[2] > camera.width || box[3] > camera.height) continue;
      if (taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
      taken.push(box);
      shown.push(region);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.lineWidth = 5;
      ctx.strokeStyle = view.colours.paper;
      ctx.strokeText(region.words, x, y);
      ctx.fillStyle = view.colours.ink;
      ctx.fillText(region.words, x, y);
    }
  });
  return shown;
}
