-- A pandoc filter: what pandoc's Typst writer leaves out or sets otherwise.

local function quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ') .. '"'
end

local function inside(begin, blocks, finish)
  local parts = pandoc.List({ pandoc.RawBlock('typst', begin) })
  parts:extend(blocks)
  parts:insert(pandoc.RawBlock('typst', finish))
  return parts
end

local function picture(image)
  local alt = pandoc.utils.stringify(image.caption)
  return 'picture(' .. quoted(image.src) .. ', ' .. quoted(alt) .. ')'
end

-- A formula, with its TeX for readers who listen.
local function math(formula)
  local set = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ formula }) }), 'typst')
  set = set:gsub('%s+$', ''):gsub('dot%.circle', 'dot.o')
  local block = formula.mathtype == 'DisplayMath' and 'true' or 'false'
  return pandoc.RawInline('typst',
    '#math.equation(block: ' .. block .. ', alt: ' .. quoted(formula.text) .. ', ' .. set .. '.body)')
end

local function figure_(figure)
  local images = {}
  local rest = pandoc.List()
  figure.content:walk({ Image = function(image) table.insert(images, picture(image)) end })
  for _, block in ipairs(figure.content) do
    local holds_image = false
    pandoc.walk_block(pandoc.Div({ block }), { Image = function() holds_image = true end })
    if not holds_image then rest:insert(block) end
  end
  local label = figure.identifier ~= '' and ' <' .. figure.identifier .. '>' or ''
  local caption = pandoc.List(rest)
  caption:extend(figure.caption.long)
  return inside('#figure(' .. table.concat(images, ' + ') .. ', caption: [', caption, '])' .. label)
end

local function lone_picture(paragraph)
  if #paragraph.content == 1 and paragraph.content[1].t == 'Image' then
    return pandoc.RawBlock('typst', '#align(center, ' .. picture(paragraph.content[1]) .. ')')
  end
end

-- The question that a section begins with stays with what follows.
local function questions(blocks)
  for k = #blocks, 2, -1 do
    local question = blocks[k].t == 'Para' and #blocks[k].content == 1 and blocks[k].content[1].t == 'Emph'
    if question and blocks[k - 1].t == 'Header' then
      local kept = inside('#block(sticky: true)[', { blocks[k] }, ']')
      blocks:remove(k)
      for n, part in ipairs(kept) do blocks:insert(k + n - 1, part) end
    end
  end
  return blocks
end

-- Boxes: the form has a function for each.
local function div_(div)
  for _, kind in ipairs({ 'predict', 'quiz', 'admonition', 'citation' }) do
    if div.classes:includes(kind) then return inside('#' .. kind .. '[', div.content, ']') end
  end
  if div.identifier == '' then return div.content end
end

-- A place that links lead to.
local function anchor(span)
  if #span.content == 0 and span.identifier ~= '' then
    return pandoc.RawInline('typst', '#metadata(none)<' .. span.identifier .. '>')
  end
end

return {
  { Math = math, Figure = figure_, Div = div_, Span = anchor },
  { Para = lone_picture, Plain = lone_picture, Blocks = questions },
}
