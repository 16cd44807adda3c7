// Sets both playgrounds of the example from a slider, and says what the first one tells.
const embeds = [...document.querySelectorAll('guidance-playground')]
const [scale, told, take, taken] = ['scale', 'told', 'take', 'taken'].map((id) => document.getElementById(id))

function show({ settings, drawn }) {
  scale.value = settings.scale
  told.textContent = `Scale ${settings.scale}, seed ${settings.seed}${drawn ? '.' : ', drawing …'}`
}

embeds[0].addEventListener('ready', ({ detail }) => show(detail))
embeds[0].addEventListener('change', ({ detail }) => show(detail.state))

scale.addEventListener('input', () => {
  for (const embed of embeds) embed.set({ settings: { scale: Number(scale.value) } })
})

take.addEventListener('click', async () => {
  const { settings } = embeds[0].state
  taken.src = URL.createObjectURL(await embeds[0].image('guided'))
  taken.alt = `The guided picture at scale ${settings.scale}, seed ${settings.seed}`
  taken.hidden = false
})
