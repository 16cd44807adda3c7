// `npm start`: installs what is missing, builds the site unless these sources were built before, and serves it with
// cross-origin isolation. The built site, not the development server: it loads in one go, also on a phone.
// @ts-check
import { networkInterfaces } from 'node:os'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './install.mjs'
import { buildSite } from './site.mjs'
import { listen, siteServer } from './static-server.mjs'

const HELP = `Usage: npm start -- [--port N] [--host]

Installs what is missing, builds the page if its sources changed, serves it and prints its address.

  --port N   first port to try (4173); the next free one is taken
  --host     other devices on the network may open the page too, a phone for instance
`

/** @returns {{ port: number, host: boolean }} */
function parseOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4173' },
      host: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    process.exit(0)
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65435)
    throw new Error(`--port must be a number from 0 to 65435, not ${values.port}`)
  return { port, host: values.host }
}

/** @param {{ port: number, host: boolean }} options */
async function start({ port, host }) {
  ensureInstalled()
  const directory = buildSite({ onBuild: () => console.log('Building the page') })
  const server = siteServer({ directory, isolation: true, compress: true })
  const taken = await listen(server, port, host ? '0.0.0.0' : '127.0.0.1')
  const stop = () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  console.log(`\nGuidance Playground: http://127.0.0.1:${taken}/\n`)
  if (host) {
    for (const address of networkAddresses()) console.log(`On this network:     http://${address}:${taken}/`)
    console.log(
      '\nOver plain http browsers give other devices neither threads nor WebGPU nor storage: the page works there on one' +
        `\nthread. For full speed serve dist/ over https, or on Android: adb reverse tcp:${taken} tcp:${taken}, then open` +
        `\nhttp://localhost:${taken}/ on the phone.\n`,
    )
  }
  console.log('Ctrl-C stops.')
}

/** IPv4 addresses of this machine that others can reach. */
function networkAddresses() {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

/**
 * @param {unknown} error
 * @param {number} status
 */
function giveUp(error, status) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(status)
}

try {
  const options = parseOptions()
  start(options).catch((error) => giveUp(error, 1))
} catch (error) {
  giveUp(error, 2)
}
