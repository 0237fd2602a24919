// Where the model looked, in shades and in words.

// Black, and see-through where a word looked most: what `shade` of image_captioner.core.pages lays over a picture.
export function shade(canvas, attention, [rows, columns]) {
  Object.assign(canvas, {width: columns, height: rows})
  if (!attention) return
  const most = Math.max(...attention, 1e-12), pixels = new ImageData(columns, rows)
  attention.forEach((w, i) => { pixels.data[4 * i + 3] = (255 - Math.round(255 * w / most)) * 0.75 })
  canvas.getContext('2d').putImageData(pixels, 0, 0)
}

// A part of a picture by name; `down` and `across` are 0 to 1.
export function part(down, across) {
  const third = (x, names) => names[Math.min(2, Math.floor(3 * x))]
  const row = third(down, ['top', 'middle', 'bottom']), column = third(across, ['left', 'centre', 'right'])
  return row === 'middle' && column === 'centre' ? 'the centre' : `the ${row} ${column}`
}

// Where most of the weights lie.
export function place(attention, [rows, columns]) {
  const at = attention.indexOf(Math.max(...attention))
  return part((Math.floor(at / columns) + 0.5) / rows, (at % columns + 0.5) / columns)
}
