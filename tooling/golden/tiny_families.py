"""Tiny pipelines of diffusers' own classes beside Stable Diffusion 1: SDXL, SD3 with and without T5, Flux with guidance told and without.

Weights are random, seeded, and rounded to float16 values, as in tiny_stable_diffusion.py.
"""

import tempfile
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    SD3Transformer2DModel,
    StableDiffusion3Pipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from tiny_stable_diffusion import rounded_to_half, save_tokenizer
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
)

SENTENCES = [
    "a photo of the red cat in a small house",
    "blue dog, green tree, large moon",
    "an oil painting of the night beach, flat style",
    "sketch of sun and sea; soft light, high detail",
]


def clip_tokenizers() -> tuple[CLIPTokenizer, CLIPTokenizer]:
    """The second pads with ! as OpenCLIP's does."""
    with tempfile.TemporaryDirectory() as folder:
        first = save_tokenizer(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        save_tokenizer(Path(folder))
        second = CLIPTokenizer.from_pretrained(folder, pad_token="!")
    return first, second


def t5_tokenizer() -> PreTrainedTokenizerFast:
    """T5's form: a unigram vocabulary, words marked with ▁, an end and no beginning."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(SENTENCES * 4, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=256, padding_side="right"
    )


def text_encoder(kind, tokenizer, hidden: int, layers: int = 2):
    encoder = kind(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=hidden,
            intermediate_size=32,
            projection_dim=hidden,
            num_hidden_layers=layers,
            num_attention_heads=2,
            max_position_embeddings=77,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    # The default initialisation is so small that every prompt would read the same.
    torch.nn.init.normal_(encoder.get_input_embeddings().weight, std=0.5)
    return rounded_to_half(encoder)


def t5_encoder(tokenizer, width: int):
    encoder = T5EncoderModel(
        T5Config(vocab_size=len(tokenizer), d_model=width, d_kv=8, d_ff=32, num_layers=1, num_heads=2, feed_forward_proj="gated-gelu")
    )
    return rounded_to_half(encoder)


def vae(channels: int, scale: float, shift: float | None, quantises: bool) -> AutoencoderKL:
    return rounded_to_half(
        AutoencoderKL(
            block_out_channels=(4, 4, 8, 8),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            latent_channels=channels,
            layers_per_block=1,
            norm_num_groups=4,
            sample_size=32,
            scaling_factor=scale,
            shift_factor=shift,
            use_quant_conv=quantises,
            use_post_quant_conv=quantises,
        )
    )


def sdxl_unet(takes: int = 4) -> UNet2DConditionModel:
    return rounded_to_half(
        UNet2DConditionModel(
            sample_size=4,
            in_channels=takes,
            out_channels=4,
            layers_per_block=1,
            block_out_channels=(8, 16),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=16 + 24,
            attention_head_dim=2,
            norm_num_groups=4,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + 24,
        )
    )


def make_sdxl_inpainting_unet() -> UNet2DConditionModel:
    torch.manual_seed(34)
    return sdxl_unet(takes=9)


def make_sdxl() -> StableDiffusionXLPipeline:
    torch.manual_seed(31)
    first, second = clip_tokenizers()
    unet = sdxl_unet()
    return StableDiffusionXLPipeline(
        vae=vae(4, 0.13025, None, True),
        text_encoder=text_encoder(CLIPTextModel, first, 16),
        text_encoder_2=text_encoder(CLIPTextModelWithProjection, second, 24, 3),
        tokenizer=first,
        tokenizer_2=second,
        unet=unet,
        scheduler=EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, timestep_spacing="leading"),
        add_watermarker=False,
    )


def make_sd3() -> StableDiffusion3Pipeline:
    torch.manual_seed(32)
    first, second = clip_tokenizers()
    third = t5_tokenizer()
    # 16 channels, as every SD3: diffusers' inpainting pipeline tells by that number that the transformer knows of no mask.
    transformer = SD3Transformer2DModel(
        sample_size=4,
        patch_size=2,
        in_channels=16,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=2,
        caption_projection_dim=16,
        joint_attention_dim=48,
        pooled_projection_dim=16 + 24,
        out_channels=16,
        pos_embed_max_size=8,
    )
    return StableDiffusion3Pipeline(
        vae=vae(16, 1.5305, 0.0609, False),
        text_encoder=text_encoder(CLIPTextModelWithProjection, first, 16),
        text_encoder_2=text_encoder(CLIPTextModelWithProjection, second, 24, 3),
        text_encoder_3=t5_encoder(third, 48),
        tokenizer=first,
        tokenizer_2=second,
        tokenizer_3=third,
        transformer=rounded_to_half(transformer),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
    )


def make_flux(told: bool) -> FluxPipeline:
    torch.manual_seed(33)
    first, _ = clip_tokenizers()
    second = t5_tokenizer()
    # Before the transformer, so that they are the same with both.
    parts = dict(vae=vae(8, 0.3611, 0.1159, False), text_encoder=text_encoder(CLIPTextModel, first, 16), text_encoder_2=t5_encoder(second, 24))
    transformer = FluxTransformer2DModel(
        patch_size=1,
        in_channels=32,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=24,
        pooled_projection_dim=16,
        axes_dims_rope=(2, 2, 4),
        guidance_embeds=told,
    )
    dynamic = dict(use_dynamic_shifting=True, base_shift=0.5, max_shift=1.15, base_image_seq_len=256, max_image_seq_len=4096, shift=3.0)
    return FluxPipeline(
        **parts,
        tokenizer=first,
        tokenizer_2=second,
        transformer=rounded_to_half(transformer),
        scheduler=FlowMatchEulerDiscreteScheduler(**(dynamic if told else {})),
    )
