// A picture to paint over: what the model says of the whole one, and of what is left.
if (await there('erase')) start('erase', ({live}, now) => {
  let model, whole, before, waiting = false, busy = false, brush = {x: 0, y: 0, size: .25} // parts of the picture
  const context = () => picture.getContext('2d', {willReadFrequently: true})
  const radius = () => brush.size * Math.min(picture.width, picture.height) / 2

  // What two sentences have in common: of each, which words.
  const common = (a, b) => {
    const table = Array.from({length: a.length + 1}, () => new Array(b.length + 1).fill(0))
    for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1])
    const kept = [new Set(), new Set()]
    for (let i = 0, j = 0; i < a.length && j < b.length;)
      if (a[i] === b[j]) { kept[0].add(i++); kept[1].add(j++) } else if (table[i + 1][j] >= table[i][j + 1]) i++; else j++
    return kept
  }

  const show = (place, {hedge, confidence, words}, kept, other) => {
    const buttons = words.map((word, i) => {
      const button = wordButton(word, [kept.has(i) ? '' : other, told(word, model)].filter(Boolean).join('; '), on => {
        model.shade(map, on ? word.attention : null, model.captioner.about.grid)
        line.textContent = on ? `${word.text}: ${told(word, model)}` : HINT
      })
      button.classList.toggle(other, !kept.has(i))
      return button
    })
    place.replaceChildren(hedge, ...spread(buttons, words),
      element('small', {className: 'grey'}, confidence === null ? '' : ` ${percent(confidence)} sure`))
  }
  const compare = after => {
    const [a, b] = [before, after].map(({words}) => words.map(word => word.text)), [left, right] = common(a, b)
    show(first, before, left, 'gone')
    show(second, after, right, 'new')
    const list = (words, kept) => words.filter((_, i) => !kept.has(i)).map(quoted).join(', ')
    const [gone, fresh] = [list(a, left), list(b, right)]
    say(after === before ? `It says: ${before.text}.` : !gone && !fresh ? `It still says: ${after.text}.` :
      `It says: ${after.text}. ${[gone && `Gone: ${gone}.`, fresh && `New: ${fresh}.`].filter(Boolean).join(' ')}`)
  }

  // One caption at a time; what is painted meanwhile gets the next.
  const caption = async () => {
    waiting = true
    if (busy) return
    busy = true
    try {
      while (waiting) {
        waiting = false
        const found = await (await model.captioner.see(picture)).caption()
        if (waiting) continue
        before ??= found
        compare(found)
      }
    } finally { busy = false }
  }

  const ring = () => {
    const {x, y} = brush
    Object.assign(circle.style, {left: `${100 * x}%`, top: `${100 * y}%`, width: `${200 * radius() / picture.width}%`})
  }
  const paint = (from = brush) => {
    const {mean} = model.captioner.about.preprocessing, {width, height} = picture, pen = context()
    const grey = `rgb(${mean.map(x => Math.round(255 * x)).join(' ')})` // what the network takes for zero
    Object.assign(pen, {fillStyle: grey, strokeStyle: grey, lineWidth: 2 * radius(), lineCap: 'round'})
    pen.beginPath()
    pen.arc(brush.x * width, brush.y * height, radius(), 0, 7)
    pen.fill()
    pen.beginPath()
    pen.moveTo(from.x * width, from.y * height)
    pen.lineTo(brush.x * width, brush.y * height)
    pen.stroke()
  }
  const move = (x, y) => {
    const clip = v => Math.max(0, Math.min(1, v))
    brush = {...brush, x: clip(x), y: clip(y)}
    ring()
  }
  const moved = event => {
    const box = picture.getBoundingClientRect(), from = brush
    move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
    return from
  }
  const again = () => { say('The model looks at what is left ...'); return caption() }

  const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}
  const picture = element('canvas', {tabIndex: 0, role: 'application',
    ariaLabel: 'The picture. The arrow keys move the brush, and the space bar erases.',
    onpointerdown(event) {
      if (!before) return
      picture.setPointerCapture(event.pointerId)
      moved(event)
      paint()
    },
    onpointermove(event) {
      const from = moved(event)
      if (before && picture.hasPointerCapture(event.pointerId)) paint(from)
    },
    onlostpointercapture: again,
    onkeydown(event) {
      const {key} = event
      if (!(key in STEPS) && key !== ' ') return
      event.preventDefault()
      if (key === ' ') {
        if (before) { paint(); again() }
        return
      }
      const [across, down] = STEPS[key], step = radius() / 2
      move(brush.x + across * step / picture.width, brush.y + down * step / picture.height)
      where.textContent = `brush at ${model.part(brush.y, brush.x)}`
    }})
  const HINT = 'Point at a word, or go to it by the Tab key: where did the model look? Erase that, and see.'
  const map = element('canvas', {ariaHidden: 'true'}), circle = element('span', {className: 'brush'})
  const first = element('p', {className: 'words', role: 'group', ariaLabel: 'Of the whole picture'})
  const second = element('p', {className: 'words', role: 'group', ariaLabel: 'Of what is left'})
  const line = element('p', {className: 'line'}, HINT), where = Object.assign(spoken(), {className: 'heard'})
  const stage = element('div', {className: 'stage', hidden: true},
    element('div', {}, element('div', {className: 'seen'}, picture, map, circle),
      element('p', {}, slider('brush size', 5, 60, 5, 25, value => { brush.size = value / 100; ring() }),
        element('button', {type: 'button', onclick() {
          context().putImageData(whole, 0, 0)
          if (busy) again(); else if (before) compare(before)
        }}, 'Restore the picture'))),
    element('div', {}, element('p', {className: 'asked'}, 'Of the whole picture it says:'), first,
      element('p', {className: 'asked'}, 'Of what is left:'), second, line, where))

  const say = chooser(live, now, async (found, blob, current) => {
    const {data, width, height} = await found.pixels(blob, 2 * found.captioner.about.preprocessing.size)
    if (!current()) return
    model = found
    before = null
    whole = new ImageData(width, height)
    for (let i = 0, j = 0; i < whole.data.length; i += 4, j += 3) whole.data.set([...data.subarray(j, j + 3), 255], i)
    Object.assign(picture, {width, height})
    context().putImageData(whole, 0, 0)
    for (const part of [first, second]) part.replaceChildren('...')
    stage.hidden = false
    move(.5, .5)
    await caption()
  })
  now.append(stage)
})
