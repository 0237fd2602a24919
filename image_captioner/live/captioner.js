// Captions pictures in this browser, from files that lie beside this one. Nothing is sent anywhere.
//
//   const captioner = await Captioner.load(folder, progress)  // where model.json lies; progress(done, all) in bytes
//   captioner.about           // model.json: words, grid [rows, columns], note, search ...
//   const view = await captioner.see(picture)  // a Blob, a canvas, or whatever else createImageBitmap takes
//
//   await view.caption({beam})         // -> a sentence; beam etc. are those of model.json unless given
//   await view.sentence(beginning)     // -> the same of any words, which need not be a whole sentence
//       {text, hedge, sure, confidence, ids, words: [{id, text, shown, confidence, probability, attention}]}
//       `shown` is the word with the space before it, `confidence` is null where nothing is known
//   await view.step(beginning)         // -> the next words, the likeliest first
//       {ids, words, probabilities, attention}; the end of the sentence is the word '<EOS>'
//
// A `beginning` is a list of words or of their numbers. `attention` is a Float32Array of grid[0] * grid[1] weights, row
// by row, or null if the decoder does not look. What was computed once for a picture is kept: to go back is free.
import {pixels, resize} from './pillow.js'
import {beamSearch} from './search.js'
import {Evidence} from './evidence.js'

export const NOT_SURE = 'not sure; perhaps: '

async function fetched(url, progress) { // a file's bytes, unpacked; `progress` is told of each part that arrives
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url.pathname}: the site answers ${answer.status}`)
  const counted = answer.body.pipeThrough(new TransformStream({
    transform(part, out) { progress(part.length); out.enqueue(part) },
  }))
  const bytes = new Uint8Array(await new Response(counted).arrayBuffer())
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.buffer // the server's header had it unpacked on the way
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

export class Captioner {
  static async load(folder = new URL('./', import.meta.url), progress = () => {}) {
    const about = await (await fetch(new URL('model.json', folder))).json()
    const all = Object.values(about.files).reduce((sum, [, bytes]) => sum + bytes, 0)
    let done = 0
    const add = bytes => progress(done = Math.min(all, done + bytes), all)
    const names = Object.keys(about.files)
    const contents = await Promise.all(names.map(n => fetched(new URL(about.files[n][0], folder), add)))
    const files = Object.fromEntries(names.map((name, i) => [name, contents[i]]))
    const ort = await import(new URL('ort.mjs', folder))
    Object.assign(ort.env.wasm, {wasmBinary: files.runtime, proxy: true,
      numThreads: self.crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1})
    const session = part => ort.InferenceSession.create(new Uint8Array(files[part]), {executionProviders: ['wasm']})
    const [encoder, decoder] = [await session('encoder'), await session('decoder')]
    return new Captioner(about, ort.Tensor, encoder, decoder, files.evidence ? new Evidence(files.evidence) : null)
  }

  constructor(about, Tensor, encoder, decoder, evidence) {
    Object.assign(this, {about, Tensor, encoder, decoder, evidence, last: Promise.resolve()})
    this.number = new Map(about.words.map((word, i) => [word, i]))
    this.joins = about.joins.map(([pattern, by]) =>
      [new RegExp(pattern, 'gu'), by.replace(/\\(\d)/g, '$$$1')])
  }

  run(session, feeds) { // one after another, in a worker, so that the page stays awake; it keeps what it gets
    const copy = ({type, data, dims}) => new this.Tensor(type, data.slice(), dims)
    const given = Object.entries(feeds).map(([name, tensor]) => [name, copy(tensor)])
    const result = this.last.then(() => session.run(Object.fromEntries(given)))
    this.last = result.catch(() => {})
    return result
  }

  join(words) { return this.joins.reduce((text, [pattern, by]) => text.replace(pattern, by), words.join(' ')) }

  async see(picture) {
    const {size, mean, std, interpolation} = this.about.preprocessing, round = Math.fround
    const {data} = resize(await pixels(picture, 2 * size), size, size, interpolation)
    const input = new Float32Array(3 * size * size)
    for (let c = 0; c < 3; c++) for (let i = 0; i < size * size; i++) {
      input[c * size * size + i] = round(round(data[3 * i + c] / 255) - round(mean[c])) / round(std[c])
    }
    const out = await this.run(this.encoder, {pictures: new this.Tensor('float32', input, [1, 3, size, size])})
    return new View(this, out)
  }
}

class View { // a picture that was encoded
  constructor(captioner, encoded) {
    const {state, memory} = captioner.about, part = names => Object.fromEntries(names.map(n => [n, encoded[n]]))
    Object.assign(this, {captioner, begun: part(state), memory: part(memory), known: new Map()})
    this.evidence = captioner.evidence?.of(encoded[captioner.encoder.outputNames.at(-1)].data) // the mean features
  }

  async run(words, state) { // -> {logProbs, state, attention}, one row for each beginning
    const {captioner, memory} = this, {next} = captioner.about
    const last = new captioner.Tensor('int64', BigInt64Array.from(words, BigInt), [1, words.length])
    const out = await captioner.run(captioner.decoder, {words: last, ...state, ...memory})
    return {logProbs: out.log_probs.data, attention: out.attention?.data ?? null,
      state: Object.fromEntries(Object.entries(next).map(([name, to]) => [name, out[to]]))}
  }

  take(state, rows) {
    return Object.fromEntries(Object.entries(state).map(([name, {data, dims: [p, k, ...rest]}]) => {
      const size = data.length / k, picked = new Float32Array(rows.length * size)
      rows.forEach((row, i) => picked.set(data.subarray(row * size, (row + 1) * size), i * size))
      return [name, new this.captioner.Tensor('float32', picked, [p, rows.length, ...rest])]
    }))
  }

  numbers(beginning) {
    return beginning.map(word => {
      const id = typeof word === 'number' ? word : this.captioner.number.get(word)
      if (id === undefined) throw new Error(`the model does not know the word ${word}`)
      return id
    })
  }

  after(ids) { // what the decoder gives after these words
    const key = ids.join()
    if (!this.known.has(key)) this.known.set(key, this.follow(ids))
    return this.known.get(key)
  }

  async follow(ids) {
    if (!ids.length) return this.run([this.captioner.about.tokens.start], this.begun)
    return this.run(ids.slice(-1), (await this.after(ids.slice(0, -1))).state)
  }

  looked({attention}) {
    const [rows, columns] = this.captioner.about.grid
    return attention && attention.slice(0, rows * columns) // the rest, if any, is the sentinel's
  }

  async step(beginning) {
    const said = this.numbers(beginning), {words, tokens} = this.captioner.about, found = await this.after(said)
    const never = new Set(said.length ? tokens.never : [...tokens.never, tokens.end])
    const ids = words.map((_, i) => i).filter(i => !never.has(i)).sort((a, b) => found.logProbs[b] - found.logProbs[a])
    return {ids, words: ids.map(i => words[i]), attention: this.looked(found),
      probabilities: ids.map(i => Math.exp(found.logProbs[i]))}
  }

  async sentence(beginning) {
    const {captioner, evidence} = this, ids = this.numbers(beginning), texts = ids.map(i => captioner.about.words[i])
    const words = []
    for (const [t, id] of ids.entries()) {
      const found = await this.after(ids.slice(0, t)), logProb = found.logProbs[id]
      const [before, now] = [texts.slice(0, t), texts.slice(0, t + 1)].map(some => captioner.join(some))
      const shown = t && now !== before + texts[t] ? ` ${texts[t]}` : texts[t]
      words.push({id, text: texts[t], shown, probability: Math.exp(logProb), attention: this.looked(found),
        confidence: evidence ? evidence.confidence(id, logProb) : null})
    }
    const known = words.map(w => w.confidence).filter(c => c !== null)
    const confidence = evidence ? known.reduce((a, b) => a + b, 0) / (known.length || 1) : null
    const sure = !evidence || confidence >= evidence.least
    return {text: captioner.join(texts), hedge: sure ? '' : NOT_SURE, sure, confidence, ids, words}
  }

  async caption(options = {}) {
    const {captioner: {about}, evidence} = this
    const worth = evidence ? {first: evidence.first(about.words.length), again: evidence.again} : {}
    const {ids, logProb, score} = await beamSearch((words, state) => this.run(words, state),
      (state, rows) => this.take(state, rows), this.begun, about.tokens, {...about.search, ...worth, ...options})
    return {...await this.sentence(ids), logProb, score}
  }
}
