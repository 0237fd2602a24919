// Beam search, as `beam_search` of image_captioner.engine.bundle does it, for one picture.

function likeliest(values, n) { // the places of the n largest numbers, the largest first
  const top = []
  for (let i = 0; i < values.length; i++) {
    if (values[i] === -Infinity || top.length === n && values[i] <= values[top[n - 1]]) continue
    let at = top.length
    while (at && values[top[at - 1]] < values[i]) at--
    top.splice(at, 0, i)
    if (top.length > n) top.pop()
  }
  return top
}

// What the next words of a beginning are worth to the search, in nats, see `next_worth`.
const worth = (word, said, first, again) => !first?.[word] ? 0 : said.includes(word) ? again : first[word]

// The best caption: {ids, logProb, score}; its score is (logProb + worth) / (words + 1) ** length_penalty.
export async function beamSearch(
  step, // (last words, state) -> {logProbs of all next words: one row after another, state}
  take, // (state, rows) -> the state of these rows
  state, // of the beginning
  {start, end, never}, // numbers of <SOS> and <EOS>, and of what no caption contains
  {beam = 5, length_penalty = 0, max_len = 50, // the same as in Python
    first = null, again = 0}, // what each word is worth when it is said for the first time, and again
) {
  let said = [[]], total = [0]
  const found = [], round = Math.fround
  for (let t = 0; t <= max_len; t++) {
    const {logProbs, state: next} = await step(said.map(ids => ids.at(-1) ?? start), state)
    const size = logProbs.length / said.length
    said.forEach((ids, k) => {
      const row = logProbs.subarray(k * size, (k + 1) * size)
      for (let w = 0; w < size; w++) {
        const possible = t === max_len ? w === end : w !== end || t
        row[w] = possible ? round(round(row[w] + worth(w, ids, first, again)) + total[k]) : -Infinity
      }
      for (const w of never) row[w] = -Infinity
    })
    const best = likeliest(logProbs, 2 * beam).map(i =>
      ({value: logProbs[i], parent: Math.floor(i / size), word: i % size}))
    for (const {value, parent} of best.slice(0, beam).filter(b => b.word === end)) {
      const ids = said[parent], paid = ids.reduce((sum, w, i) => sum + worth(w, ids.slice(0, i), first, again), 0)
      found.push({ids, logProb: value - paid, score: value * (ids.length + 1) ** -length_penalty})
    }
    const open = best.filter(b => b.word !== end).slice(0, beam)
    const bound = (open[0]?.value ?? -Infinity) * (max_len + 1) ** -length_penalty // at best, where no word has a worth
    if (bound === -Infinity || found.length >= beam || !first && found.some(c => c.score >= bound)) break
    state = take(next, open.map(b => b.parent))
    said = open.map(b => [...said[b.parent], b.word])
    total = open.map(b => b.value)
  }
  return found.reduce((a, b) => b.score > a.score ? b : a)
}
