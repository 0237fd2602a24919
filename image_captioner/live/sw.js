// Keeps this page's files, so that it works without a network. Which these are stands in files.js.
importScripts('files.js')
const prefix = `live ${self.registration.scope} `, name = prefix + STAMP
const here = file => new URL(file, self.registration.scope).href
const kept = new Set([...SHELL, ...LARGE].map(here))

// The page's own files are fetched at once; a large one, whose name changes when it does, may be there already.
self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(name)
  await cache.addAll(SHELL.map(file => new Request(here(file), {cache: 'reload'})))
  for (const file of LARGE) {
    const before = await caches.match(here(file))
    if (before) await cache.put(here(file), before)
  }
})()))

self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const old of await caches.keys()) if (old.startsWith(prefix) && old !== name) await caches.delete(old)
  await self.clients.claim()
})()))

// Only this page's files are answered; whatever else is asked goes to the network, as without this program.
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url)
  url.search = url.hash = ''
  if (url.href === self.registration.scope) url.pathname += 'index.html'
  if (event.request.method !== 'GET' || !kept.has(url.href)) return
  event.respondWith((async () => {
    const cache = await caches.open(name), found = await cache.match(url.href)
    if (found) return found
    const answer = await fetch(event.request)
    if (answer.ok) event.waitUntil(cache.put(url.href, answer.clone()))
    return answer
  })())
})
