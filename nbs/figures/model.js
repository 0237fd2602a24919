// What figures share that run the model of the site's own page, in the folder `live` beside the book.
const SAMPLES = [['cat.jpg', 'A striped cat'], ['astronaut.jpg', 'An astronaut in orange'],
  ['camera.jpg', 'A man with a camera'], ['coffee.jpg', 'A cup of coffee'],
  ['rocket.jpg', 'A rocket at night'], ['stars.png', 'Two drawn stars']]
const percent = x => x < .005 ? '<1\u00a0%' : `${Math.round(100 * x)}\u00a0%`
const quoted = text => `\u2018${text}\u2019`

// Is the model there? A server of notebooks answers whatever is asked, but with a page.
const there = async name => {
  const data = document.querySelector(`figure[data-live="${name}"] > script[type="application/json"]`)
  const answer = await fetch(`${JSON.parse(data.textContent).live}model.json`, {method: 'HEAD'}).catch(() => null)
  return answer?.ok && /json/.test(answer.headers.get('content-type'))
}

// A line of pictures to choose from. The model comes with the first choice; then `take` gets it, the picture (a Blob),
// and a function that tells whether nothing else was chosen meanwhile.
const chooser = (live, now, take) => {
  const address = name => new URL(live + name, document.baseURI).href
  const said = spoken(), problem = element('p', {role: 'alert'})
  const about = element('p', {className: 'grey'}, 'The model, 19 MB, comes when you choose a picture, or drop one here. ' +
    'It runs in this browser, and your picture stays in it.')
  const bar = element('progress', {ariaLabel: 'The model\u2019s files'}), size = element('span', {ariaHidden: 'true'})
  const loading = element('p', {hidden: true}, bar, ' ', size)
  let latest = 0, loaded = null

  const progress = (done, all) => {
    Object.assign(bar, {max: all, value: done})
    size.textContent = done < all ? `${(done / 1e6).toFixed(1)} of ${(all / 1e6).toFixed(1)} MB` : 'making it ready ...'
  }
  const load = async () => {
    loading.hidden = false
    try {
      const parts = ['captioner.js', 'map.js', 'pillow.js'].map(name => import(address(name)))
      const [{Captioner}, map, {pixels}] = await Promise.all(parts)
      const captioner = await Captioner.load(undefined, progress)
      about.append(` (${captioner.about.note})`)
      return {...map, pixels, captioner}
    } catch (e) {
      loaded = null
      throw new Error(`The model cannot be fetched (${e.message}). Is there a network? Then choose again.`)
    } finally { loading.hidden = true }
  }
  const choose = async (find, i) => {
    const mine = ++latest, current = () => mine === latest
    buttons.forEach((button, j) => button.setAttribute('aria-pressed', i === j))
    problem.textContent = ''
    said.textContent = 'The model comes first, once ...'
    try {
      const [model, picture] = await Promise.all([loaded ??= load(), find()])
      if (!current()) return
      said.textContent = 'The model looks at the picture ...'
      await take(model, picture, current)
    } catch (e) {
      if (!current()) return
      said.textContent = ''
      problem.textContent = e.message
    }
  }
  const own = picture => { if (picture) choose(() => picture) }

  const buttons = SAMPLES.map(([name, alt], i) => element('button', {type: 'button', className: 'sample',
    onclick: () => choose(async () => (await fetch(address(name))).blob(), i)},
  element('img', {loading: 'lazy', alt, width: 72, height: 48, src: address(name)})))
  const input = element('input', {type: 'file', accept: 'image/*', onchange() {
    own(this.files[0])
    this.value = '' // the same file may be chosen again
  }})
  const over = on => now.classList.toggle('over', on)
  for (const event of ['dragover', 'dragleave', 'drop']) now.addEventListener(event, e => {
    e.preventDefault()
    over(event === 'dragover')
    if (event === 'drop') own(e.dataTransfer.files[0])
  })
  now.append(element('div', {className: 'samples', role: 'group', ariaLabel: 'A picture to begin with'}, ...buttons,
    element('label', {className: 'own'}, 'Choose your own', input)),
  about, loading, said, problem)
  return text => { said.textContent = text }
}

// What is known of a word.
const told = ({probability, confidence, attention}, model) => [
  probability === undefined ? '' : `probability ${percent(probability)}`,
  confidence === null ? '' : `${percent(confidence)} sure`,
  attention ? `looked most at ${model.place(attention, model.captioner.about.grid)}` : ''].filter(Boolean).join('; ')

// A word that can be pointed at and focused: `look` gets true, and false when the pointer or the focus has left it.
// `pick` is for a click, a tap or the Enter key.
const wordButton = ({text, shown, confidence}, label, look, pick = () => look(true)) => {
  const button = element('button', {type: 'button', className: 'word', ariaLabel: `${text}, ${label}`, onclick: pick},
    shown.trim())
  button.style.setProperty('--sure', `${Math.round(100 * (confidence ?? 0))}%`)
  for (const event of ['pointerenter', 'focus']) button.addEventListener(event, () => look(true))
  for (const event of ['pointerleave', 'blur']) button.addEventListener(event, () => look(false))
  return button
}
const spread = (buttons, words) => buttons.flatMap((b, i) => words[i].shown.startsWith(' ') ? [' ', b] : [b])
