// placeholder until the addon exists
