// A caption that grows a word at a time, each time by the likeliest word, or by the one that the reader chooses.
if (await there('word')) start('word', ({live}, now) => {
  const BARS = 8, END = '(end)', pause = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 300 // milliseconds a word
  let model, view, said = [], pinned = 0, shown = 0, latest = 0

  // The word at the end of what was said: `id`, or the likeliest.
  const nextWord = async id => {
    const ids = said.map(word => word.id), next = await view.step(ids)
    id ??= next.ids[0]
    const end = id === model.captioner.about.tokens.end
    const word = end ? {text: 'end of the sentence', shown: ` ${END}`, confidence: null} :
      (await view.sentence([...ids, id])).words.at(-1)
    return {...word, id, end, next, attention: next.attention, probability: next.probabilities[next.ids.indexOf(id)]}
  }
  const text = (words = said) => model.captioner.join(words.filter(word => !word.end).map(word => word.text))

  const look = i => {
    const word = said[i]
    model.shade(map, word.attention, model.captioner.about.grid)
    now.querySelectorAll('.word').forEach((button, j) => button.toggleAttribute('data-seen', i === j))
    line.replaceChildren(element('strong', {}, word.text), `: ${told(word, model)}`)
  }
  const choices = i => {
    shown = i
    const {next, id} = said[i], before = text(said.slice(0, i))
    asked.textContent = before ? `After ${quoted(before)} it could say:` : 'It could begin with:'
    bars.forEach(({button, name, part, number}, j) => {
      name.textContent = next.words[j] === '<EOS>' ? END : next.words[j]
      part.style.width = `${100 * next.probabilities[j]}%`
      number.textContent = percent(next.probabilities[j])
      button.setAttribute('aria-pressed', next.ids[j] === id)
    })
  }
  const show = i => { if (said[i]) { look(i); choices(i) } }
  const pin = i => {
    pinned = i
    now.querySelectorAll('.word').forEach((button, j) => button.setAttribute('aria-pressed', i === j))
    show(i)
  }

  // Say the word `id` at a place, and let the rest follow. Where the reader chose a word, its bars stay.
  const grow = async (at = 0, id) => {
    const mine = ++latest, current = () => mine === latest, chosen = id !== undefined
    say('')
    said = said.slice(0, at)
    while (words.children.length > at) words.lastChild.remove()
    for (const {max_len} = model.captioner.about.search; !said.at(-1)?.end && said.length < max_len; id = undefined) {
      const word = await nextWord(id), i = said.length
      if (!current()) return
      said.push(word)
      const button = wordButton(word, told(word, model), on => show(on ? i : pinned), () => pin(i))
      button.classList.toggle('end', word.end)
      words.append(word.shown.startsWith(' ') ? ' ' : '', button)
      if (chosen && i > at) look(i); else pin(i)
      await new Promise(done => setTimeout(done, pause))
      if (!current()) return
    }
    const least = said.reduce((a, b) => !b.end && b.probability < a.probability ? b : a)
    pin(chosen ? at : said.indexOf(least))
    say(chosen ? `With ${quoted(said[at].text)} it says: ${text()}.` :
      `It says: ${text()}. It hesitated most at ${quoted(least.text)}: ${percent(least.probability)}.`)
  }

  const picture = element('img', {alt: 'The chosen picture'}), map = element('canvas', {ariaHidden: 'true'})
  const words = element('p', {className: 'words', role: 'group', ariaLabel: 'The caption'})
  const line = element('p', {className: 'line'}), asked = element('p', {className: 'asked'})
  const bars = Array.from({length: BARS}, (_, j) => {
    const name = element('span', {className: 'name'}), part = element('span', {className: 'part'})
    const number = element('span', {className: 'number'})
    const button = element('button', {type: 'button', className: 'bar', onclick: () => grow(shown, said[shown].next.ids[j])}, name, element('span', {className: 'whole'}, part), number)
    return {button, name, part, number}
  })
  const stage = element('div', {className: 'stage', hidden: true},
    element('div', {}, element('div', {className: 'seen'}, picture, map), line),
    element('div', {}, words, asked,
      element('div', {className: 'bars', role: 'group', ariaLabel: 'The eight likeliest words here'},
        ...bars.map(bar => bar.button)),
      element('p', {}, element('button', {type: 'button', onclick: () => grow()}, 'Begin again, with the likeliest'))))

  const say = chooser(live, now, async (found, blob, current) => {
    latest++ // what still grows stops
    const seen = await found.captioner.see(blob)
    if (!current()) return
    model = found
    view = seen
    URL.revokeObjectURL(picture.src)
    picture.src = URL.createObjectURL(blob)
    stage.hidden = false
    await grow()
  })
  now.append(stage)
})
