// Teacher forcing and a wrong word. `person`: words to <EOS>; `forced`: what the model says after each of the person's
// beginnings, and how likely the person's word was; `free`: its own words; `swaps`: for each place other words, with
// what follows each (`rest`) and whether the whole is true; `ask`: the place and number of the swap to guess about.
start('force', ({image, alt, person, forced, free, swaps, ask}, now) => {
  let place = null, swap = null
  const plain = words => words.filter(word => word !== '<EOS>').join(' ').replace(/ ,/g, ',').replace(/ \.$/, '')
  const losses = forced.map(([, p]) => -Math.log(p)), mean = losses.reduce((a, b) => a + b) / losses.length
  const own = () => swap ? [...free.slice(0, place), swap.word, ...swap.rest] : free
  const changed = () => own().filter((word, i) => i > place && word !== free[i]).length

  const row = (name, cells, marked = () => false) => element('tr', {}, element('th', {scope: 'row'}, name),
    ...cells.map((cell, i) => element('td', {className: marked(i) ? 'hit' : ''}, cell)))
  const part = (title, ...rows) => element('tbody', {}, element('tr', {},
    element('th', {colSpan: 9, scope: 'rowgroup'}, element('strong', {}, title))), ...rows)
  const show = () => {
    const said = own(), differs = i => swap && i >= place && said[i] !== free[i]
    selects.forEach((select, i) => select.value = i === place ? swap.word : free[i])
    result.replaceChildren(
      part('Training: it reads the person\u2019s words',
        row('reads', ['<SOS>', ...person.slice(0, -1)]),
        row('says', forced.map(([word], i) => i === place ? swap.word : word), i => i === place),
        row('loss', losses.map(loss => loss.toFixed(2)))),
      part('Captioning: it reads its own words',
        row('reads', ['<SOS>', ...said.slice(0, -1)], i => differs(i - 1)),
        row('says', said, differs)))
    spoke.textContent = (swap ? `It says \u2018${swap.word}\u2019 in place of \u2018${free[place]}\u2019. ` : '') +
      `In training the loss ${swap ? 'stays' : 'is'} ${mean.toFixed(2)} nats a word. ` +
      `Captioning ends with \u2018${plain(said)}\u2019` +
      (swap ? `, which is ${swap.true ? 'true' : 'not true'} of the picture.` : '.')
  }
  const take = (at, word) => {
    swap = swaps[at].find(other => other.word === word) ?? null
    place = swap && at
    show()
  }
  const selects = swaps.map((others, at) => element('select', {ariaLabel: `what it says at place ${at + 1}`,
    onchange() { take(at, this.value) }},
  element('option', {value: free[at]}, free[at]),
  ...others.map(({word, p}) => element('option', {value: word}, `${word} (${p < .001 ? '~0' : p})`))))

  const [at, number] = ask, tried = swaps[at][number].word
  const asked = guess(
    `Let it say \u2018${tried}\u2019 in place of \u2018${free[at]}\u2019. Where do the words after it change?`,
    ['in training', 'in captioning', 'in both', 'in neither'], i => {
      take(at, tried)
      const n = changed(), right = n ? 1 : 3
      return [i === right ? 'Yes. ' : `No: ${n ? 'in captioning alone' : 'in neither'}. `,
        `Captioning has read \u2018${tried}\u2019, and says \u2018${plain(own())}\u2019, `,
        `with ${n} other word${n === 1 ? '' : 's'} after it. `,
        `Training reads the person\u2019s \u2018${person[at]}\u2019 next, whatever was said, `,
        'and the loss only asks how likely that word was. ',
        'So the model never learns to go on from a mistake of its own.']
    })
  const result = element('table'), spoke = spoken()
  now.append(element('div', {className: 'side'}, element('img', {src: image, alt, width: 96, height: 96}),
    element('div', {}, element('p', {}, `A person wrote: \u2018${plain(person)}\u2019. Make the model say:`),
      element('p', {}, ...selects))),
  sideways('what it reads and says', result), spoke, asked.box)
  show()
})
