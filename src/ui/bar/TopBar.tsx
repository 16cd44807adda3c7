/** Name, engine, sharing, view: one quiet line. */
import { Menu } from '@base-ui/react/menu'
import { Popover } from '@base-ui/react/popover'
import { useRef } from 'react'
import { fetchingText, megabytes } from '../kit/format'
import { copyLink, openPresetFile, saveJson, savePng } from '../share/share'
import type { Session } from '../app/session'
import type { ThemeChoice } from '../app/shell'
import { usePage, useSession } from '../app/store'
import type { EngineStatus } from '../engine/slice'
import { storeTheme } from '../kit/theme'
import { popups } from '../kit/popups'
import { backendMenu } from '../../worker/client/backends'

function statusText(status: EngineStatus): string {
  switch (status.kind) {
    case 'ready':
      return status.backend.label
    case 'recovering':
      return 'Recovering'
    case 'failed':
      return 'Model not running'
    case 'loading':
      break
    default:
      return status satisfies never
  }
  const { phase } = status
  switch (phase?.kind) {
    case undefined:
      return 'Starting'
    case 'download':
      return `Loading model, ${megabytes(phase.loaded)} of ${megabytes(phase.total)} MB`
    case 'compile':
      return 'Preparing the model'
    case 'verify':
      return 'Checking the model'
    default:
      return phase satisfies never
  }
}

function EngineMenu() {
  const session = useSession()
  const engine = usePage((state) => state.engine.status)
  const choice = usePage((state) => state.engine.choice)
  const rejected = usePage((state) => state.engine.rejected)
  const model = usePage((state) => state.model)
  const summary = usePage((state) => state.run.shown?.summary)
  const fetching = usePage((state) => state.engine.fetching)
  const text = engine.kind === 'ready' && fetching ? fetchingText(fetching) : statusText(engine)
  const dot = engine.kind === 'ready' ? 'bg-positive' : engine.kind === 'failed' ? 'bg-alert' : 'bg-edge'
  return (
    <Popover.Root>
      <Popover.Trigger data-part="engine" className="button quiet num min-w-0" aria-label={`Engine: ${text}`}>
        <span className={`size-1.5 shrink-0 rounded-full ${dot}`} aria-hidden />
        <span className="truncate">{text}</span>
      </Popover.Trigger>
      <Popover.Portal container={popups}>
        <Popover.Positioner sideOffset={6} align="end" className="z-50">
          <Popover.Popup className="popup w-80 max-w-[calc(100vw-1.5rem)] p-4">
            <Popover.Title className="font-medium">Where the model runs</Popover.Title>
            <div role="radiogroup" aria-label="Backend" className="mt-2 flex flex-col">
              {backendMenu.map(({ value, label, help }) => {
                const refusal = rejected.find(({ backend }) => backend === value)
                return (
                  <label key={value} className="flex gap-2.5 py-1.5 text-[0.8125rem]">
                    <input
                      type="radio"
                      name="backend"
                      className="mt-0.5 accent-[var(--ink)]"
                      checked={choice === value}
                      onChange={() => session.chooseBackend(value)}
                    />
                    <span>
                      {label}
                      <span className="block text-xs text-muted">{refusal ? refusal.failure.message : help}</span>
                    </span>
                  </label>
                )
              })}
            </div>
            <dl className="num mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 border-t border-line pt-2.5 text-xs [&_dt]:text-muted">
              <dt>Model</dt>
              <dd>
                {model.name}, {(model.parameters / 1e6).toFixed(1)} M parameters, {model.licence}
              </dd>
              {engine.kind === 'ready' && (
                <>
                  <dt>Backend</dt>
                  <dd>
                    {engine.backend.label}, within {engine.backend.goldenError.toExponential(0)} of the reference
                  </dd>
                </>
              )}
              {summary && (
                <>
                  <dt>Last run</dt>
                  <dd>
                    {summary.evaluatedRows} evaluations in {(summary.milliseconds / 1000).toFixed(1)} s
                  </dd>
                  <dt>SHA-256</dt>
                  <dd className="max-h-40 overflow-y-auto break-all">{summary.digests.join(' ')}</dd>
                </>
              )}
            </dl>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' }
const THEME_NAME: Record<ThemeChoice, string> = { system: 'Auto', light: 'Light', dark: 'Dark' }

function nextTheme(session: Session, theme: ThemeChoice): void {
  storeTheme(NEXT_THEME[theme])
  session.set({ shell: { theme: NEXT_THEME[theme] } })
}

function ShareMenu() {
  const session = useSession()
  const file = useRef<HTMLInputElement>(null)
  const theme = usePage((state) => state.shell.theme)
  const finished = usePage((state) => state.run.shown?.final !== null && state.run.shown !== null)
  const item =
    'flex cursor-default items-center px-3 py-1.5 text-[0.8125rem] outline-none data-highlighted:bg-sunken data-disabled:text-muted'
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="button" data-part="files">
          Save and open
        </Menu.Trigger>
        <Menu.Portal container={popups}>
          <Menu.Positioner sideOffset={6} align="end" className="z-50">
            <Menu.Popup className="popup min-w-52 py-1">
              <Menu.Item className={`${item} sm:hidden`} onClick={() => void copyLink(session)}>
                Copy link
              </Menu.Item>
              <Menu.Item
                data-part="save-png"
                className={item}
                disabled={!finished}
                onClick={() => void savePng(session)}
              >
                Save PNG of the three pictures
              </Menu.Item>
              <Menu.Item data-part="save-json" className={item} onClick={() => saveJson(session)}>
                Save JSON of the settings
              </Menu.Item>
              <Menu.Item className={item} onClick={() => file.current?.click()}>
                Open JSON or PNG…
              </Menu.Item>
              <Menu.Item className={`${item} sm:hidden`} closeOnClick={false} onClick={() => nextTheme(session, theme)}>
                Theme: {THEME_NAME[theme]}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <input
        ref={file}
        type="file"
        data-part="open-file"
        accept=".json,.png,application/json,image/png"
        aria-label="Open settings"
        className="hidden"
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          event.target.value = ''
          if (chosen) void openPresetFile(session, chosen)
        }}
      />
    </>
  )
}

/** How far the model is; a line under the bar, and words in the engine's button. */
function LoadingLine() {
  const engine = usePage((state) => state.engine.status)
  if (engine.kind !== 'loading') return null
  const { phase } = engine
  const share =
    phase?.kind === 'download'
      ? (0.8 * phase.loaded) / Math.max(phase.total, 1)
      : phase?.kind === 'compile'
        ? 0.85
        : phase?.kind === 'verify'
          ? 0.95
          : 0
  return (
    <div
      className="absolute inset-x-0 -bottom-px h-0.5"
      role="progressbar"
      aria-label="Loading the model"
      aria-valuenow={Math.round(100 * share)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className="h-full bg-positive" style={{ width: `${100 * share}%` }} />
    </div>
  )
}

export function TopBar() {
  const session = useSession()
  const theme = usePage((state) => state.shell.theme)
  const presenting = usePage((state) => state.shell.presenting)
  return (
    <header className="relative flex h-12 items-center gap-1.5 border-b border-line px-3 sm:px-6">
      <p className="shrink-0 font-semibold tracking-[-0.01em]">
        Guidance<span className="max-sm:hidden"> Playground</span>
      </p>
      <div className="flex min-w-0 flex-1 justify-end">
        <EngineMenu />
      </div>
      <button
        type="button"
        className="button quiet max-sm:hidden"
        data-part="theme"
        aria-label={`Theme: ${THEME_NAME[theme]}`}
        onClick={() => nextTheme(session, theme)}
      >
        <svg viewBox="0 0 12 12" className="size-3" aria-hidden>
          <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" strokeWidth="1.25" />
          <path d="M6 1a5 5 0 0 1 0 10z" fill="currentColor" />
        </svg>
        {THEME_NAME[theme]}
      </button>
      <button
        type="button"
        className="button quiet max-lg:hidden"
        data-part="present"
        aria-pressed={presenting}
        onClick={() => session.set({ shell: { presenting: !presenting } })}
      >
        {presenting ? 'Show controls' : 'Present'}
      </button>
      <button
        type="button"
        data-part="copy-link"
        className="button max-sm:hidden"
        onClick={() => void copyLink(session)}
      >
        Copy link
      </button>
      <ShareMenu />
      <LoadingLine />
      <div ref={popups} className="absolute top-0 left-0" />
    </header>
  )
}
