/** Settings, in and out: what the other folders use. */
export { isSettings, settingsProblem } from './check'
export { DEFAULT_METHOD, defaultSettings, withMethod, withoutStarts } from './defaults'
export { EMA_RANGE } from './kinds/ema'
export { decodeLink, encodeLink, linkModel, type DecodedLink } from './link'
export { parsePreset, presetModel, sameSettings, toPreset, type PresetResult } from './preset'
export { settingsFaults, settingsRefusal, type SettingsFault } from './refusals'
export { OWN, STACK, TERM } from './table'
export { LINK_VERSION } from './versions'
