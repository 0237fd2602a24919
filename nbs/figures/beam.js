// Beam search as a tree. Of each picture: `image`, `alt`, `nodes`: [words, log-probability, the widths that keep it].
start('beam', (pictures, now) => {
  const widths = [1, 2, 3, 4, 5], END = '<EOS>', ROW = 23
  let picture, width = 1, penalty = 0

  const plain = words => words.filter(word => word !== END).join(' ').replace(/ ,/g, ',').replace(/ \.$/, '')
  const minus = number => number.toFixed(2).replace('-', '\u2212')
  const score = node => node.sum / node.words.length ** penalty // <EOS> counts as a word
  const bestOf = width => picture.ends.filter(end => end.widths.includes(width)).sort((a, b) => score(b) - score(a))[0]

  // Every node gets its parent, its place, and so the whole tree its size: the same for all widths.
  const grow = ({nodes, ...rest}) => {
    const root = {words: [], sum: 0, widths, below: []}, known = new Map([['', root]])
    for (const [text, sum, kept] of nodes) {
      const words = text.split(' '), node = {words, sum, widths: kept, below: []}
      node.above = known.get(words.slice(0, -1).join(' '))
      node.above.below.push(node)
      known.set(text, node)
    }
    const all = [...known.values()], x = [12]
    for (const {words} of all) x[words.length] = Math.max(x[words.length] ?? 0, 40 + 7.2 * (words.at(-1)?.length ?? 0))
    for (let depth = 0, sum = 0; depth < x.length; depth++) [x[depth], sum] = [sum, sum + x[depth]]
    let leaves = 0
    const settle = node => {
      node.below.sort((a, b) => b.sum - a.sum).forEach(settle)
      node.y = node.below.length ? (node.below[0].y + node.below.at(-1).y) / 2 : ROW * (leaves++ + .7)
      node.x = x[node.words.length]
    }
    settle(root)
    const ends = all.filter(node => node.words.at(-1) === END)
    return {...rest, all, ends, height: ROW * (leaves + .4), width: x.at(-1) + 80}
  }

  const draw = () => {
    const best = bestOf(width), path = new Set()
    for (let node = best; node; node = node.above) path.add(node)
    const lines = [], labels = []
    for (const node of picture.all) {
      const kept = node.widths.includes(width), end = node.words.at(-1) === END
      const {above, x, y} = node
      if (!above) {
        labels.push(drawing('circle', {cx: x + 5, cy: y, r: 4, fill: 'var(--line)'}))
        continue
      }
      const from = above.above ? above.x + 8 + 7.2 * above.words.at(-1).length + 27 : above.x + 9
      const half = (from + x) / 2
      lines.push(drawing('path', {d: `M${from} ${above.y}C${half} ${above.y} ${half} ${y} ${x} ${y}`, fill: 'none',
        stroke: kept ? 'var(--line)' : 'currentColor', 'stroke-width': path.has(node) ? 4 : 1.5,
        ...(kept ? {} : {'stroke-dasharray': '3 3', opacity: .45})}))
      const p = Math.exp(node.sum), likely = p < .001 ? '~0' : p.toPrecision(2).replace(/^0/, '')
      labels.push(drawing('text',
        {x: x + 4, y: y + 4, class: kept ? 'kept' : 'grey', 'font-weight': path.has(node) ? 700 : 400},
        end ? `${node === best ? '\u2605' : '\u25a0'} ${minus(score(node))}` : node.words.at(-1),
        drawing('tspan', {'font-size': 10, 'font-weight': 400, dx: 3}, end ? '' : likely)))
    }
    const found = picture.ends.filter(end => end.widths.includes(width)).map(end => plain(end.words)).join('; ')
    tree.replaceChildren(drawing('svg',
      {width: picture.width, height: picture.height, fill: 'currentColor', 'font-size': 13, role: 'img',
      'aria-label': `All beginnings that beams of 1 to 5 keep. A beam of ${width} ends with: ${found}`},
    ...lines, ...labels))
    const steps = picture.all.filter(node => node.above && node.widths.includes(width)).length
    said.textContent = `A beam of ${width} keeps ${steps} beginnings and says \u2018${plain(best.words)}\u2019 ` +
      `(log-probability ${minus(best.sum)}, score ${minus(score(best))}).`
    asked.show()
    drawTable()
  }

  // The answer: what each width says. Until there is a guess, it is not shown.
  const winners = () => {
    const bests = widths.map(bestOf), most = Math.max(...bests.map(score))
    return [bests, widths.filter((_, i) => score(bests[i]) > most - 1e-9)]
  }
  const lost = (width, best) => {
    let last = best.above
    while (!last.widths.includes(width)) last = last.above
    if (last === best.above) return `a beam of ${width} stops one step before it, when it has put aside ${width} others`
    return `a beam of ${width} drops it ${last.above ? `after \u2018${plain(last.words)}\u2019` : 'at once'}`
  }
  const asked = guess('Which is the narrowest beam that finds the best sentence?', widths, i => {
    const [bests, right] = winners(), [least] = right, guessed = widths[i], best = bests[least - 1]
    const wider = widths.find(width => width > least && !right.includes(width))
    return [guessed === least ? 'Yes. ' : !right.includes(guessed) ? `No: ${lost(guessed, best)}. ` :
      `A beam of ${guessed} finds it, but so does one of ${least}. `,
    `The best is \u2018${plain(best.words)}\u2019, and it takes a beam of ${least}. `,
    !wider ? 'Wider ones find nothing better.' :
      wider === guessed ? 'Wider is not always better.' : `But ${lost(wider, best)}.`]
  })
  const drawTable = () => {
    const [bests, right] = winners()
    table.hidden = !asked.made
    table.replaceChildren(
      element('thead', {}, element('tr', {},
        ...['beam', 'says', 'log-probability', 'score'].map(head => element('th', {scope: 'col'}, head)))),
      element('tbody', {}, ...bests.map((best, i) => element('tr', {className: right.includes(i + 1) ? 'hit' : ''},
        ...[`${i + 1}`, plain(best.words), minus(best.sum),
          minus(score(best)) + (right.includes(i + 1) ? ' \u2605' : '')]
          .map(cell => element('td', {}, cell))))))
  }

  const choose = i => {
    picture = grow(pictures[i])
    chosen.forEach((button, j) => button.setAttribute('aria-pressed', i === j))
    asked.forget()
    draw()
  }
  const tree = sideways('the tree')
  const said = spoken(), table = element('table', {hidden: true})
  const chosen = pictures.map(({image, alt}, i) => element('button', {type: 'button', onclick: () => choose(i)},
    element('img', {src: image, alt, width: 64, height: 64})))
  asked.box.addEventListener('click', drawTable)
  now.append(element('div', {}, ...chosen),
    slider('beam width', 1, 5, 1, 1, value => { width = value; draw() }),
    slider('length penalty', 0, 2, .1, 0, value => { penalty = value; draw() }),
    tree, said, asked.box, element('div', {className: 'wide'}, table))
  choose(0)
})
