// The page: a photograph comes in, its caption is shown, and each word shows where the model looked.
import {Captioner} from './captioner.js'
import {place, shade} from './map.js'

const $ = id => document.getElementById(id)
const percent = x => `${Math.round(100 * x)} %`
const megabytes = bytes => (bytes / 1e6).toFixed(1)
const say = (text, heard = false) => Object.assign($('status'), {textContent: text, className: heard ? 'heard' : ''})
let loaded = null, latest = 0

async function kept() { // will the service worker keep the files for the next visit? Not if it takes over too late
  if (!('serviceWorker' in navigator)) return false
  const taken = new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done, {once: true}))
  await navigator.serviceWorker.register('sw.js').catch(() => {})
  if (!navigator.serviceWorker.controller) await Promise.race([taken, new Promise(done => setTimeout(done, 3000))])
  return navigator.serviceWorker.controller !== null
}

function progress(done, all) {
  const [bar, text] = $('loading').children
  Object.assign(bar, {max: all, value: done})
  text.textContent = done < all ? `the model: ${megabytes(done)} of ${megabytes(all)} MB` : 'making it ready ...'
}

export function captioner() { // the one of this page, fetched at most once
  loaded ??= (async () => {
    $('loading').hidden = false
    try {
      const keeping = await kept(), found = await Captioner.load(undefined, progress)
      $('note').textContent = found.about.note
      if (keeping) $('offline').textContent = 'From now on this page works offline, too.'
      return found
    } catch (e) {
      loaded = null
      throw new Error(`The model cannot be fetched (${e.message}). Is there a network? Then try again.`)
    } finally { $('loading').hidden = true }
  })()
  return loaded
}

function show({hedge, words, confidence, sure}, grid) { // a sentence whose words can be pointed at
  const tell = word => {
    const looked = word.attention && `the model looked most at ${place(word.attention, grid)}`
    return [word.confidence === null ? '' : `${percent(word.confidence)} sure`, looked].filter(Boolean).join('; ')
  }
  const look = word => { // at nothing, if there is no word
    shade($('map'), word?.attention, grid)
    $('told').textContent = word ? `${word.text}: ${tell(word) || 'nothing is known of it'}` :
      'Point at a word or tap it, or go to it by the Tab key, to see where the model looked.'
  }
  const buttons = words.map(word => {
    const button = Object.assign(document.createElement('button'), {type: 'button', textContent: word.shown.trim()})
    button.setAttribute('aria-label', `${word.text}, ${tell(word)}`)
    if (word.confidence !== null) button.style.setProperty('--sure', percent(word.confidence).replace(' ', ''))
    for (const event of ['pointerenter', 'focus', 'click']) button.addEventListener(event, () => look(word))
    for (const event of ['pointerleave', 'blur']) button.addEventListener(event, () => look())
    return button
  })
  $('caption').replaceChildren(hedge, ...buttons.flatMap((b, i) => words[i].shown.startsWith(' ') ? [' ', b] : [b]))
  $('sure').hidden = confidence === null
  if (confidence !== null) {
    $('sure').querySelector('meter').value = confidence
    $('sure').querySelector('span').textContent = `${percent(confidence)} sure${sure ? '' : ', which is little'}`
  }
  look()
}

async function captionOf(picture) { // of a Blob
  const mine = ++latest, current = () => mine === latest
  $('problem').textContent = ''
  say('The model comes first, once ...')
  try {
    const model = await captioner()
    if (!current()) return
    say('The model looks at the picture ...')
    await new Promise(done => setTimeout(done, 30)) // the line is seen before the work begins
    const start = performance.now(), view = await model.see(picture), sentence = await view.caption()
    const seconds = (performance.now() - start) / 1000
    if (!current()) return
    URL.revokeObjectURL($('picture').src)
    $('picture').src = URL.createObjectURL(picture)
    $('picture').alt = sentence.text
    show(sentence, model.about.grid)
    $('took').textContent = `${seconds.toFixed(1)} seconds on this machine`
    $('result').hidden = false
    const sure = sentence.confidence === null ? '' : `, ${percent(sentence.confidence)} sure`
    say(`Caption: ${sentence.hedge}${sentence.text}${sure}.`, true) // the result shows it
  } catch (e) {
    if (!current()) return
    $('result').hidden = true
    say('')
    $('problem').textContent = e.message
  }
}

function begin() {
  for (const id of ['file', 'camera']) {
    $(id).addEventListener('change', event => {
      const [picture] = event.target.files
      event.target.value = '' // the same file may be chosen again
      if (picture) captionOf(picture)
    })
  }
  for (const button of document.querySelectorAll('.samples button')) {
    button.addEventListener('click', async () => captionOf(await (await fetch(button.firstChild.src)).blob()))
  }
  addEventListener('paste', event => { if (event.clipboardData.files[0]) captionOf(event.clipboardData.files[0]) })
  addEventListener('dragover', event => { event.preventDefault(); document.body.classList.add('over') })
  for (const event of ['dragleave', 'drop']) addEventListener(event, () => document.body.classList.remove('over'))
  addEventListener('drop', event => {
    event.preventDefault()
    if (event.dataTransfer.files[0]) captionOf(event.dataTransfer.files[0])
  })
  if (navigator.connection?.saveData) return
  const stirs = ['pointermove', 'pointerdown', 'keydown', 'dragenter'] // the model comes when somebody is there
  for (const event of stirs) addEventListener(event, () => captioner().catch(() => {}), {once: true})
}

begin()
