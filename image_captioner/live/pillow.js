// A photograph's pixels as Pillow gives them: upright, opaque, and resized by the same whole numbers, bit for bit.

const FILTERS = { // how far each reaches, and how much a pixel at a distance counts
  bilinear: [1, x => 1 - x],
  bicubic: [2, x => x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((x - 5) * x + 8) * x * -0.5 + 2],
}
const BITS = 22 // of a weight's fraction

function weights(from, to, interpolation) { // of each new pixel: the first old one, and the weights from there on
  if (!(interpolation in FILTERS)) throw new Error(`this page cannot resize by ${interpolation}`)
  const [reach, filter] = FILTERS[interpolation], scale = from / to, wide = Math.max(scale, 1), support = reach * wide
  return Array.from({length: to}, (_, i) => {
    const centre = (i + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(from, Math.trunc(centre + support + 0.5))
    const found = Array.from({length: end - first}, (_, j) => {
      const x = Math.abs((j + first - centre + 0.5) * (1 / wide))
      return x < reach ? filter(x) : 0
    })
    const sum = found.reduce((a, b) => a + b, 0)
    return [first, Int32Array.from(found, w => Math.trunc(w / sum * 2 ** BITS + (w < 0 ? -0.5 : 0.5)))]
  })
}

function along({data, width, height}, to, interpolation) { // resized in width, and turned over: its columns become rows
  const out = new Uint8ClampedArray(to * height * 3)
  weights(width, to, interpolation).forEach(([first, factors], x) => {
    for (let y = 0; y < height; y++) for (let c = 0; c < 3; c++) {
      let sum = 2 ** (BITS - 1)
      for (let j = 0, at = (y * width + first) * 3 + c; j < factors.length; j++, at += 3) sum += data[at] * factors[j]
      out[(x * height + y) * 3 + c] = sum >> BITS
    }
  })
  return {data: out, width: height, height: to}
}

// A picture {data: RGB bytes, width, height} in another size.
export const resize = (image, width, height, interpolation = 'bicubic') =>
  along(along(image, width, interpolation), height, interpolation)

// RGBA bytes as RGB ones: on white, or on grey where the picture itself is nearly white.
export function opaque(rgba) {
  let light = 0, whole = 0
  for (let i = 0; i < rgba.length; i += 4) {
    light += (0.299 * rgba[i] + 0.587 * rgba[i + 1] + 0.114 * rgba[i + 2]) * rgba[i + 3]
    whole += rgba[i + 3]
  }
  const ground = whole < rgba.length / 4 * 255 && whole && light / whole > 230 ? 128 : 255
  const rgb = new Uint8ClampedArray(rgba.length / 4 * 3)
  for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) {
    for (let c = 0; c < 3; c++) rgb[j + c] = ground + (rgba[i + c] - ground) * rgba[i + 3] / 255
  }
  return rgb
}

function halved({data, width, height}, n) { // each n x n pixels are one: their mean
  if (n === 1) return {data, width, height}
  const w = Math.ceil(width / n), h = Math.ceil(height / n), out = new Uint8ClampedArray(w * h * 4)
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) for (let c = 0; c < 4; c++) {
    let sum = 0, count = 0
    for (let j = y * n; j < Math.min(height, (y + 1) * n); j++) {
      for (let i = x * n; i < Math.min(width, (x + 1) * n); i++) { sum += data[(j * width + i) * 4 + c]; count++ }
    }
    out[(y * w + x) * 4 + c] = sum / count
  }
  return {data: out, width: w, height: h}
}

const SIGNS = [ // how a file begins, and what that means
  [/^$/, 'is empty. Copy the photograph again.'],
  [/^....ftyp(hei|hev|mif1|msf1)/s, 'is a HEIC photograph, which this browser cannot read. Save it as JPEG.'],
  [/^\s*<(svg|\?xml)/i, 'is an SVG drawing, not a photograph. Export it as PNG.'],
  [/^\s*<(!doctype|html|head)/i, 'is a web page, not a photograph. Save the photograph itself.'],
  [/^%(!PS|PDF)/, 'is a document, not a photograph. Export it as PNG.'],
  [/^(\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|BM)/s, 'is damaged. Copy it again.'],
  [/^/, 'is not a picture that this browser can read.'],
]
const beginning = async blob => String.fromCharCode(...new Uint8Array(await blob.slice(0, 256).arrayBuffer()))

// The pixels of a picture, upright: RGB bytes. A JPEG several times as large as `enough` is made smaller at once.
export async function pixels(
  source, // a Blob, or whatever else createImageBitmap takes
  enough, // pixels a side
) {
  const head = source instanceof Blob ? await beginning(source) : ''
  const image = await createImageBitmap(source, {imageOrientation: 'from-image', colorSpaceConversion: 'none',
    premultiplyAlpha: 'none'}).catch(() => {
    throw new Error(`${source.name ?? 'This'} ${SIGNS.find(([sign]) => sign.test(head))[1]}`)
  })
  const {width, height} = image, times = Math.min(Math.floor(width / enough), Math.floor(height / enough))
  const n = head.startsWith('\xff\xd8') ? [8, 4, 2, 1].find(n => n <= Math.max(1, times)) : 1
  const w = Math.ceil(width / n), h = Math.ceil(height / n), strip = Math.max(n, Math.floor(2 ** 21 / width / n) * n)
  const rgba = new Uint8ClampedArray(w * h * 4), canvas = new OffscreenCanvas(width, Math.min(strip, height))
  const context = canvas.getContext('2d', {willReadFrequently: true})
  for (let y = 0; y < height; y += strip) { // in strips: some browsers have no canvas as large as a photograph
    context.clearRect(0, 0, width, strip)
    context.drawImage(image, 0, -y)
    rgba.set(halved(context.getImageData(0, 0, width, Math.min(strip, height - y)), n).data, y / n * w * 4)
  }
  image.close()
  return {data: opaque(rgba), width: w, height: h}
}
