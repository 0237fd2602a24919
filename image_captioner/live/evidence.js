// What is known of a picture besides the decoder, see `Evidence` of image_captioner.engine.evidence.

const softplus = x => x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
const logSigmoid = x => -softplus(-x)
const sigmoid = x => Math.exp(logSigmoid(x))
const dot = (a, b, at = 0) => a.reduce((sum, x, i) => sum + x * b[at + i], 0)

function half(bits) { // 16 bits as a number
  const exponent = bits >> 10 & 31, fraction = bits & 1023
  return (bits >> 15 ? -1 : 1) * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * fraction / 1024)
}

// The tensors in a file of safetensors by their names, as typed arrays.
export function tensors(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true))
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)))
  const types = {
    F16: b => Float32Array.from(new Uint16Array(b), half), F32: b => new Float32Array(b),
    I64: b => Float64Array.from(new BigInt64Array(b), Number),
  }
  return Object.fromEntries(Object.entries(head).filter(([, about]) => about.dtype in types).map(
    ([name, {dtype, data_offsets: [from, to]}]) =>
      [name.replace('evidence.', ''), types[dtype](buffer.slice(8 + length + from, 8 + length + to))]))
}

export class Evidence {
  constructor(buffer) { Object.assign(this, tensors(buffer)) }

  // What is known of one picture, from the mean of its features.
  of(mean) {
    const {words, detect, bias, prior, gains, centre, scale, axes, limits, trust} = this, size = mean.length
    const logits = Float64Array.from(words, (_, i) => dot(mean, detect, i * size) + bias[i])
    const z = Float64Array.from(mean, (x, i) => (x - centre[i]) / scale[i])
    let inside = 0
    for (let at = 0; at < axes.length; at += size) inside += dot(z, axes, at) ** 2
    const strange = 1 - inside / Math.max(dot(z, z), 1e-12)
    const [usual, most, least] = limits
    const familiar = Math.exp(-20 * Math.max(0, strange - most) / Math.max(most - usual, 1e-6))
    return {
      again: gains[2], least,
      first(vocabulary) { // what each word is worth to the search
        const found = new Float32Array(vocabulary)
        words.forEach((w, i) => {
          found[w] = gains[0] * sigmoid(logits[i]) + gains[1] * (logSigmoid(logits[i]) - logSigmoid(prior[i]))
        })
        return found
      },
      confidence(word, logProb) { // that a person would use this word for the picture; null: not known
        const i = words.indexOf(word)
        return i < 0 ? null : familiar * sigmoid(dot(trust, [1, logProb, logits[i], prior[i], strange]))
      },
    }
  }
}
