// What all figures share: elements, one guess, and the start.
const element = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props)
  made.append(...children)
  return made
}

const drawing = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

// A line that is read aloud when it changes.
const spoken = () => element('p', {role: 'status'})

// What is wider than a telephone can be scrolled, with the arrow keys, too.
const sideways = (name, ...children) => element('div',
  {className: 'wide', tabIndex: 0, role: 'region', ariaLabel: `${name}; scroll it sideways`}, ...children)

const slider = (name, min, max, step, value, changed) => {
  const shown = element('output', {}, `${value}`)
  const input = element('input', {type: 'range', min, max, step, value, oninput() {
    shown.textContent = input.value
    changed(+input.value)
  }})
  return element('label', {}, name, input, shown)
}

// A question with its answers to choose from; `answer` tells what is so, given the reader's choice.
const guess = (question, options, answer) => {
  const said = spoken()
  let chosen = null
  const show = () => {
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', i === chosen))
    said.replaceChildren(...(chosen === null ? [] : [answer(chosen)].flat()))
  }
  const buttons = options.map((option, i) => element('button', {type: 'button', onclick() {
    chosen = i
    show()
  }}, option))
  const box = element('div', {className: 'guess', role: 'group', ariaLabel: question},
    element('p', {}, question), ...buttons, said)
  show()
  return {box, show, forget() { chosen = null; show() }, get made() { return chosen !== null }}
}

// A program that fails leaves the still picture where it is.
const start = (name, build) => {
  for (const figure of document.querySelectorAll(`figure[data-live="${name}"]:not([data-on])`)) {
    const now = element('div', {className: 'now'})
    build(JSON.parse(figure.querySelector('script[type="application/json"]').textContent), now)
    figure.prepend(now)
    figure.dataset.on = ''
  }
}
