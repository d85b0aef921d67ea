// Linear ops on floats with weights stored in every way that kernels read: bytes
// of either sign, with zero points, halves of bytes with an odd number of steps,
// groups of input channels at every position of a window, convolutions in
// groups, fewer channels than lanes.
!u = !quant.uniform<u8:f32, 0.03125:128>
!z = !quant.uniform<i8:f32, 0.0625:5>
!c = !quant.uniform<i8<-127:127>:f32:0, {0.01, 0.02, 0.03, 0.04, 0.05}>
!d = !quant.uniform<i8<-127:127>:f32:3, {0.01, 0.02, 0.03, 0.04}>
!h = !quant.uniform<i4:f32, 0.125>
!g = !quant.uniform<i4<-7:7>:f32:{0:1, 1:16}, {{0.125, 0.25, 0.375, 0.5}, {0.5, 0.375, 0.25, 0.125}, {0.1, 0.2, 0.3, 0.4}}>
!b = !quant.uniform<i8<-127:127>:f32:{0:1, 3:2}, {{{{0.01, 0.02}}}, {{{0.03, 0.04}}}, {{{0.05, 0.06}}}, {{{0.07, 0.08}}}, {{{0.09, 0.1}}}, {{{0.11, 0.12}}}}>
func.func @main(%x: tensor<1x8x8x1xf32> {nn.name = "x"})
    -> (tensor<1x343xf32> {nn.name = "all"}) {
  %rows = nn.reshape %x : (tensor<1x8x8x1xf32>) -> tensor<4x16xf32>
  %flat = nn.reshape %x : (tensor<1x8x8x1xf32>) -> tensor<1x64xf32>
  %wide = nn.reshape %x : (tensor<1x8x8x1xf32>) -> tensor<1x4x4x4xf32>
  %one = nn.constant dense<[0.5, -0.25, 1.0, 0.125]> : tensor<4xf32>

  %w0 = nn.constant dense_resource<bytes112> : tensor<7x16xi8> -> tensor<7x16x!u>
  %y0 = nn.fully_connected %rows, %w0 {activation = #nn.activation<relu>}
    : (tensor<4x16xf32>, tensor<7x16x!u>) -> tensor<4x7xf32>

  %w1 = nn.constant dense_resource<bytes256> : tensor<4x64xi8> -> tensor<4x64x!z>
  %y1 = nn.fully_connected %flat, %w1, %one : (tensor<1x64xf32>, tensor<4x64x!z>, tensor<4xf32>) -> tensor<1x4xf32>

  %w2 = nn.constant dense_resource<bytes45> : tensor<5x3x3x1xi8> -> tensor<5x3x3x1x!c>
  %y2 = nn.conv_2d %x, %w2 : (tensor<1x8x8x1xf32>, tensor<5x3x3x1x!c>) -> tensor<1x6x6x5xf32>

  %w3 = nn.constant dense_resource<bytes48> : tensor<1x4x3x4xi8> -> tensor<1x4x3x4x!d>
  %y3 = nn.depthwise_conv_2d %wide, %w3, %one : (tensor<1x4x4x4xf32>, tensor<1x4x3x4x!d>, tensor<4xf32>) -> tensor<1x1x2x4xf32>

  %w4 = nn.constant dense_resource<nibbles192> : tensor<3x64xi4> -> tensor<3x64x!g>
  %y4 = nn.fully_connected %flat, %w4 : (tensor<1x64xf32>, tensor<3x64x!g>) -> tensor<1x3xf32>

  %w5 = nn.constant dense_resource<bytes144> : tensor<6x2x3x4xi8> -> tensor<6x2x3x4x!b>
  %y5 = nn.conv_2d %wide, %w5 {padding = array<i64: 0, 0, 1, 1>}
    : (tensor<1x4x4x4xf32>, tensor<6x2x3x4x!b>) -> tensor<1x3x4x6xf32>

  %w6 = nn.constant dense_resource<nibbles108> : tensor<6x3x3x2xi4> -> tensor<6x3x3x2x!h>
  %y6 = nn.conv_2d %wide, %w6 {groups = 2 : i64, padding = array<i64: 0, 0, 1, 1>}
    : (tensor<1x4x4x4xf32>, tensor<6x3x3x2x!h>) -> tensor<1x2x4x6xf32>
  %f0 = nn.reshape %y0 : (tensor<4x7xf32>) -> tensor<1x28xf32>
  %f2 = nn.reshape %y2 : (tensor<1x6x6x5xf32>) -> tensor<1x180xf32>
  %f3 = nn.reshape %y3 : (tensor<1x1x2x4xf32>) -> tensor<1x8xf32>
  %f5 = nn.reshape %y5 : (tensor<1x3x4x6xf32>) -> tensor<1x72xf32>
  %f6 = nn.reshape %y6 : (tensor<1x2x4x6xf32>) -> tensor<1x48xf32>
  %all = nn.concat %f0, %y1, %f2, %f3, %y4, %f5, %f6 {axis = 1}
    : (tensor<1x28xf32>, tensor<1x4xf32>, tensor<1x180xf32>, tensor<1x8xf32>, tensor<1x3xf32>, tensor<1x72xf32>, tensor<1x48xf32>) -> tensor<1x343xf32>
  return %all : tensor<1x343xf32>
}

{-#
  dialect_resources: {
    builtin: {
      bytes112: "0x0100000025CD4A98A5B03B9DED93AC5E56A3FBAE599EBFF29F4B99F197C41456C9BC1DDCB4E03EB1A09EE97E5A206E683919FFDCFCA9197D2F6513A5BC56D42FCD7A5794A7202E337E69A3AF0A72A19F1E641145318B6C35D6BB7C9EEF13C2FE4B487EA9D5654D0EC65C0E543742F6CDAADACDF6",
      bytes256: "0x01000000F78678DD061082CA563D23C09B69484B4C49B5764D9FE1A2EA61D3B82E9AB480CDB33A8DA4EA40CC01313A72BEBB796E75771FABC9B42F0775D28BE939CB8D18AE053BD536F228F2E3FA4DF4E67C368E8E0F7104E33064323AA9F0B4F470E42CE877807530ABBD46E674DB5E2AAC4A6D4DABD1D7C18ECD6ECA7233CFC38A87B4C75EE3EC8E00EC15FB260456C39F356A57C2CD8961DD82CCD8C872BD9F2677B69DFFE10D95B2678EA06226E60D6774FE04E765C655BE486221A5FB5BA5EC1BBECF3BC901C66FF0B04B79D3F2D25C4E2D57E43623AF3B892D6A6189442917A0B9F5B5AB070B94DC0AC258044FCC7D27AD0E9DDD59A50988AD05AAF1A207BE6885",
      bytes45: "0x01000000D77F0EEB6E6BC520A28C0736BE719D79AAC48DAFB46FD021CF0843B5CBF3012DAEC6D94E857FC18A84853C020E",
      bytes48: "0x010000007BB104FABF70F39C295227EF29FF0C5664E57902CF31B87CBBD8B35662353B23A4E87ED97C8E57A28493213E62C2EFAA",
      bytes144: "0x010000008F962B58E25F022C79C91ABF32CC8CF6B0A9C5F381C4DE77D5797D0DD3BF897862D0B8DCAF81D6E296FAC80128B4C002478298C45297A5E7178BE586CDCE22BC961676085B41A8296538496219E444D4397DFFA7C93A1F25A68C545638650421EE3C345002A4690741021256514E855430164D65372F753225BB96888BA324DD769BE156F40F8D218521092FBFFEC481",
      nibbles192: "0x010000000005FA0407010701FA0301FA040400FD05FA06FDFC0405FCFC0403000006FFFA000703FD05F9020303FCFA02FBFEFD030404FD0202FBF900F900FD03FA04FC0300FD0401FD00000005FA0701FCFDFA0700F9FD00FA060100FDFFFC0707FCFA02FAFB0401FDFEFB02060301FD07FA04FEFC00070700FFF9FBF9000300FFFD04FBFFFEFFFEFA06FEF9FE05FE06FFFA07FC04F90704FDFDFEFAFFFF0602FAFE07FF05FD06F9FDFAF90603FD0307FBFCFDFF01FEFC05FE05FF07F9050503FF070701",
      nibbles108: "0x01000000FEFAF90506FC0107F9FCFD0705020101000004FF010704FBFDFDFAFE07FF06020605FCFEFFFAFD02FA02FF0300FEF8050405FE040002F9070003FCFEFA00FF0404060501F8FCF9050707F8FA040606FFFBFFFCFCFB06FAF9F8FCFFF901FC0005FBFBFA01FE0400FFF8F80106"
    }
  }
#-}
