// A caption against its references: `refs`, `caption`, a `wrong` one, and `why` it fares as it does. Of the corpus, its
// `size` in pictures, and how many `pictures` an n-gram occurs in, if two or more. The figures are pycocoevalcap's.
start('metric', ({image, alt, refs, caption, wrong, why, size, pictures}, now) => {
  const NAMES = ['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4', 'ROUGE-L', 'CIDEr']
  const KINDS = ['words', 'pairs', 'triples', 'fours']
  const cut = text => text.toLowerCase().match(/[a-z0-9]+(?:['-][a-z0-9]+)*/g) ?? []
  const runs = (words, n) => words.slice(n - 1).map((_, i) => words.slice(i, i + n).join(' '))
  const count = list => list.reduce((counts, one) => counts.set(one, (counts.get(one) ?? 0) + 1), new Map())
  const known = refs.map(cut)
  let seen = 0

  // How often each n-gram counts: at most as often as the reference says it that has it most.
  const allowed = n => {
    const most = new Map()
    for (const words of known)
      for (const [gram, k] of count(runs(words, n))) most.set(gram, Math.max(k, most.get(gram) ?? 0))
    return most
  }
  const most = [1, 2, 3, 4].map(allowed)

  const bleu = words => {
    const tiny = 1e-15, small = 1e-9 // as the package has them, so that nothing is divided by zero
    const far = length => Math.abs(length - words.length)
    const [closest] = known.map(ref => ref.length).sort((a, b) => far(a) - far(b) || a - b)
    const ratio = (words.length + tiny) / (closest + small), brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1
    let product = 1
    return {closest, brevity, rows: most.map((allow, i) => {
      const grams = count(runs(words, i + 1)), total = Math.max(0, words.length - i)
      const matched = [...grams].reduce((sum, [gram, k]) => sum + Math.min(k, allow.get(gram) ?? 0), 0)
      product *= (matched + tiny) / (total + small)
      return {matched, total, score: product ** (1 / (i + 1)) * brevity}
    })}
  }

  // The places in `a` of the longest words in order that `b` has, too.
  const common = (a, b) => {
    const table = Array.from({length: a.length + 1}, () => new Array(b.length + 1).fill(0))
    for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1])
    const places = []
    for (let i = 0, j = 0; i < a.length && j < b.length;)
      if (a[i] === b[j]) { places.push(i); i++; j++ } else if (table[i + 1][j] >= table[i][j + 1]) i++; else j++
    return places
  }
  const rouge = words => {
    const shared = known.map(ref => common(words, ref).length), length = Math.max(...shared), beta = 1.2 ** 2
    const precision = words.length ? length / words.length : 0
    const recall = Math.max(...shared.map((k, i) => k / known[i].length))
    return {length, at: shared.indexOf(length), precision, recall,
      score: precision ? (1 + beta) * precision * recall / (recall + beta * precision) : 0}
  }

  const weight = gram => Math.log(size) - Math.log(pictures[gram] ?? 1)
  const cider = words => {
    const vector = (said, n) => new Map([...count(runs(said, n))].map(([gram, k]) => [gram, k * weight(gram)]))
    const norm = a => Math.hypot(...a.values())
    const each = [1, 2, 3, 4].map(n => known.map(ref => {
      const a = vector(words, n), b = vector(ref, n), lengths = norm(a) * norm(b)
      const product = [...a].reduce((sum, [gram, w]) => sum + Math.min(w, b.get(gram) ?? 0) * (b.get(gram) ?? 0), 0)
      const apart = Math.max(0, words.length - 1) - (ref.length - 1)
      return (lengths ? product / lengths : 0) * Math.exp(-(apart ** 2) / 72)
    }).reduce((sum, x) => sum + x) / refs.length)
    return {each, score: 10 * each.reduce((sum, x) => sum + x) / 4}
  }

  const judge = words => {
    const found = {bleu: bleu(words), rouge: rouge(words), cider: cider(words)}
    found.scores = [...found.bleu.rows.map(row => row.score), found.rouge.score, found.cider.score]
    return found
  }
  const three = x => x.toFixed(3)

  // The pieces that the chosen metric sees, and where they stand in the references.
  const piece = (text, hit, strength = 1) => {
    const shown = element(hit ? 'mark' : 'span', {className: hit ? 'piece' : 'piece grey'}, text)
    if (hit && strength < 1) shown.style.background = `rgb(255 127 14 / ${(.06 + .5 * strength).toFixed(2)})`
    return shown
  }
  const spread = (words, marked) =>
    words.flatMap((word, i) => [i ? ' ' : '', marked(i) ? element('mark', {}, word) : word])
  const look = (words, found) => {
    if (seen < 4) {
      const n = seen + 1, left = new Map(most[seen]), grams = runs(words, n), held = new Set(grams)
      const pieces = grams.map(gram => {
        const hit = (left.get(gram) ?? 0) > 0
        if (hit) left.set(gram, left.get(gram) - 1)
        return piece(gram, hit)
      })
      return [pieces, known.map(ref => {
        const places = (gram, i) => held.has(gram) ? Array.from({length: n}, (_, k) => i + k) : []
        const on = new Set(runs(ref, n).flatMap(places))
        return spread(ref, i => on.has(i))
      })]
    }
    if (seen === 4) {
      const places = new Set(common(words, known[found.rouge.at]))
      return [words.map((word, i) => piece(word, places.has(i))), known.map(ref => {
        const on = new Set(common(ref, words))
        return spread(ref, i => on.has(i))
      })]
    }
    const matched = [1, 2, 3, 4].flatMap(n => [...count(runs(words, n)).keys()])
      .filter(gram => most.some(allow => allow.has(gram))).sort((a, b) => weight(b) - weight(a))
    const weighed = gram => piece(`${gram} ${weight(gram).toFixed(1)}`, true, weight(gram) / Math.log(size))
    return [matched.slice(0, 12).map(weighed),
      known.map(ref => spread(ref, i => words.includes(ref[i])))]
  }

  const show = () => {
    const words = cut(input.value), found = judge(words)
    const {rows, closest, brevity} = found.bleu
    const {length, precision, recall} = found.rouge
    const told = [...rows.map(({matched, total}, i) => `${matched} of ${total} ${KINDS[i]}`),
      `${length} words in order: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`,
      `likeness of ${KINDS.map((kind, i) => `${kind} ${found.cider.each[i].toFixed(2)}`).join(', ')}`]
    cells.forEach(([how, score], i) => {
      how.textContent = told[i]
      score.textContent = three(found.scores[i])
    })
    short.textContent = `${words.length} words; the reference of the closest length has ${closest}: ` +
      (words.length < closest ? `BLEU times ${three(brevity)} for brevity.` : 'no penalty for brevity.')
    const [pieces, marked] = look(words, found)
    sees.replaceChildren(...(pieces.length ? pieces.flatMap(shown => [shown, ' ']) : ['nothing']))
    list.replaceChildren(...marked.map(line => element('li', {}, ...line)))
    return found
  }
  const tell = ({scores}) => {
    spoke.textContent = NAMES.map((name, i) => `${name} ${three(scores[i])}`).join(', ') + '.'
  }

  const input = element('input', {type: 'text', value: caption, spellcheck: false, autocomplete: 'off',
    oninput: show, onchange() { tell(show()) }})
  const spoke = Object.assign(spoken(), {className: 'heard'})
  const short = element('p'), sees = element('p'), list = element('ol')
  const cells = NAMES.map(() => [element('td'), element('td')])
  const group = `metric-${Math.random().toString(36).slice(2)}`
  const table = element('table', {}, element('thead', {}, element('tr', {},
    ...['look through', 'what counts', 'score'].map(head => element('th', {scope: 'col'}, head)))),
  element('tbody', {}, ...NAMES.map((name, i) => element('tr', {}, element('th', {scope: 'row'}, element('label', {},
    element('input', {type: 'radio', name: group, checked: i === 0, onchange() {
      seen = i
      show()
    }}), name)), ...cells[i]))))

  const falls = [NAMES, ['BLEU-4', 'CIDEr'], ['ROUGE-L'], []], before = judge(cut(caption)).scores
  const asked = guess(`Nobody wrote \u2018${caption}\u2019, but it is true. ` +
    'Put \u2018above\u2019 in place of \u2018below\u2019, and it is false. Which figures fall?',
    ['all six', 'BLEU-4 and CIDEr', 'ROUGE-L alone', 'none'], i => {
      input.value = wrong
      const after = show().scores, name = test => NAMES.filter((_, j) => test(after[j] - before[j]))
      const fell = name(d => d < -1e-9), rose = name(d => d > 1e-9)
      tell({scores: after})
      const all = (names, one, more) => names.length < 2 ? `${names[0] ?? 'nothing'} ${one}` :
        `${names.slice(0, -1).join(', ')} and ${names.at(-1)} ${more}`
      return [falls[i].join() === fell.join() ? 'Yes: ' : 'No: ', all(fell, 'falls', 'fall'), ', and ',
        all(rose, 'rises', 'rise'), '. ', why]
    })
  now.append(asked.box, element('div', {className: 'side'}, element('img', {src: image, alt, width: 96, height: 96}),
    element('div', {}, element('label', {className: 'field'}, 'your caption', input),
      element('p', {}, 'The metric that you look through sees (orange: matched)'), sees)),
  sideways('scores', table), short,
  element('p', {}, 'The five references, and what they share with it'), list, spoke)
  now.judge = text => judge(cut(text)).scores
  show()
})
