-- Has a link from another chapter find a figure: pandoc's EPUBs know the identifiers of divisions,
-- and not those of figures.
function Figure(figure)
  if figure.identifier == '' then return nil end
  local identifier = figure.identifier
  figure.identifier = ''
  return pandoc.Div({ figure }, { id = identifier })
end
